package idserver.testing;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A MariaDB Galera cluster on the loopback address, of the system's own packages (Debian: {@code
 * mariadb-server galera-4 rsync lsof}), whose nodes can be killed and come back. Has the database
 * {@code id_counter} and the user {@code dev}. Confined to one thread.
 */
public final class Galera implements AutoCloseable {
  private static final Path SERVER = Path.of("/usr/sbin/mariadbd");
  private static final Path INSTALL = Path.of("/usr/bin/mariadb-install-db");
  private static final Path PROVIDER = Path.of("/usr/lib/galera/libgalera_smm.so");
  private static final Duration START = Duration.ofMinutes(2);

  /** Who the package has made for it: as the administrator its copies cannot be received. */
  private static final String OWNER = "mysql";

  private final Path folder;
  private final List<Node> nodes = new ArrayList<>();

  private Galera(Path folder) {
    this.folder = folder;
  }

  /** Skips the test where the packages are missing or there are not the rights to run them. */
  public static void assumeInstalled() {
    assumeTrue(
        Files.isExecutable(SERVER)
            && Files.isExecutable(INSTALL)
            && Files.exists(PROVIDER)
            && Files.isExecutable(Path.of("/usr/bin/rsync")),
        "no Galera cluster is tested: it needs mariadb-server, galera-4, rsync and lsof");
    assumeTrue(
        System.getProperty("user.name").equals("root"),
        "no Galera cluster is tested: its nodes are started by root for the user " + OWNER);
  }

  /** Installs and starts a new cluster of so many nodes. */
  public static Galera fresh(int size) throws IOException, SQLException {
    // not below target: its owner must be able to come there
    Galera cluster = new Galera(Files.createTempDirectory("galera"));
    run("chmod", "755", cluster.folder.toString());
    for (int i = 0; i < size; i++) {
      cluster.nodes.add(cluster.new Node(i));
    }
    Node first = cluster.nodes.get(0);
    run(
        INSTALL.toString(),
        "--no-defaults",
        "--user=" + OWNER,
        "--datadir=" + first.data,
        "--auth-root-authentication-method=normal",
        "--skip-test-db");
    first.start("gcomm://", "--wsrep-new-cluster");
    try (Connection root = first.connect("root", "", "mysql");
        Statement sql = root.createStatement()) {
      sql.execute("CREATE DATABASE " + MariaDb.DATABASE);
      sql.execute("CREATE USER 'dev'@'%' IDENTIFIED BY '" + MariaDb.PASSWORD + "'");
      sql.execute(
          "GRANT SELECT, INSERT, UPDATE, CREATE ON " + MariaDb.DATABASE + ".* TO 'dev'@'%'");
    }
    for (int i = 1; i < size; i++) {
      cluster.start(i);
    }
    return cluster;
  }

  private static void run(String... command) throws IOException {
    Outcome outcome = Outcome.of(new ProcessBuilder(command), START);
    if (outcome.exitCode() != 0) {
      throw new IOException(String.join(" ", command) + ": " + outcome.text());
    }
  }

  /** Where its nodes are, beginning with that one: {@code 127.0.0.1:3306,127.0.0.1:3307}. */
  public String hosts(int first) {
    List<String> hosts = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      hosts.add("127.0.0.1:" + nodes.get((first + i) % nodes.size()).port);
    }
    return String.join(",", hosts);
  }

  /** A connection to that node. */
  public Connection connect(int node) throws SQLException {
    return nodes.get(node).connect(MariaDb.USER, MariaDb.PASSWORD, MariaDb.DATABASE);
  }

  /** SIGKILL. */
  public void kill(int node) {
    nodes.get(node).kill();
  }

  /** Has a node join the others; returns when it serves. */
  public void start(int node) throws IOException {
    String others =
        nodes.stream().map(each -> "127.0.0.1:" + each.groupPort).collect(Collectors.joining(","));
    nodes.get(node).start("gcomm://" + others);
  }

  @Override
  public void close() throws IOException {
    nodes.forEach(Node::kill);
    run("rm", "-rf", folder.toString());
  }

  private final class Node {
    private final Path data;
    private final Path temporary;
    private final Path log;
    private final Path socket;
    private final int port = FreePorts.next();
    private final int groupPort = FreePorts.next();
    private final int transferPort = FreePorts.next();
    private final int copyPort = FreePorts.next();
    private @Nullable Process process;

    Node(int number) throws IOException {
      data = Files.createDirectories(folder.resolve("data" + number));
      log = folder.resolve("log" + number);
      socket = folder.resolve("socket" + number);
      temporary = Files.createDirectories(folder.resolve("tmp" + number));
      String owner = OWNER + ":" + OWNER;
      run("chown", owner, data.toString(), temporary.toString(), folder.toString());
    }

    void start(String cluster, String... more) throws IOException {
      List<String> command = new ArrayList<>();
      command.addAll(
          List.of(
              SERVER.toString(),
              "--no-defaults",
              "--user=" + OWNER,
              "--datadir=" + data,
              // not that of others: who starts removes what looks like its own left-overs
              "--tmpdir=" + temporary,
              "--port=" + port,
              "--bind-address=127.0.0.1",
              "--socket=" + socket,
              "--pid-file=" + socket + ".pid",
              "--skip-name-resolve",
              "--innodb-buffer-pool-size=32M",
              "--innodb-log-file-size=16M",
              "--innodb-autoinc-lock-mode=2",
              "--binlog-format=ROW",
              "--wsrep-on=ON",
              "--wsrep-provider=" + PROVIDER,
              "--wsrep-cluster-name=" + folder.getFileName(),
              "--wsrep-cluster-address=" + cluster,
              "--wsrep-node-address=127.0.0.1:" + groupPort,
              "--wsrep-sst-method=rsync",
              "--wsrep-sst-receive-address=127.0.0.1:" + copyPort,
              "--wsrep-provider-options=base_port="
                  + groupPort
                  + ";gmcast.listen_addr=tcp://127.0.0.1:"
                  + groupPort
                  + ";ist.recv_addr=127.0.0.1:"
                  + transferPort
                  + ";gcache.size=32M"));
      command.addAll(List.of(more));
      Process started =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      Reaper.watch(started.toHandle());
      process = started;
      await("a node of Galera, see " + log)
          .atMost(START)
          .pollInterval(Duration.ofMillis(50))
          .failFast("a node of Galera ended, see " + log, () -> !started.isAlive())
          .until(this::serves);
    }

    private boolean serves() {
      try (Connection root = connect("root", "", "mysql");
          Statement sql = root.createStatement();
          ResultSet row = sql.executeQuery("SHOW STATUS LIKE 'wsrep_ready'")) {
        return row.next() && "ON".equals(row.getString(2));
      } catch (SQLException e) {
        return false;
      }
    }

    Connection connect(String user, String password, String database) throws SQLException {
      String url =
          "jdbc:mysql://127.0.0.1:%d/%s?connectTimeout=5000&socketTimeout=10000&sslMode=DISABLED"
              .formatted(port, database);
      return DriverManager.getConnection(url, user, password);
    }

    void kill() {
      if (process != null) {
        Reaper.kill(process.toHandle());
      }
    }
  }
}
