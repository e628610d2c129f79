package idserver.it;

import idserver.testing.MariaDb;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The real server, with the virtual machine's own compiler and collector, and clients on the same
 * machine: how it does with one hot namespace, with many new ones, and with a full table.
 *
 * <pre>
 * CountersAtScale hot   h2|mariadb {ids} {window}
 * CountersAtScale first h2|mariadb {namespaces} {window}
 * CountersAtScale start h2|mariadb {rows} {rounds}
 * </pre>
 *
 * The property {@code server.writers} is the {@code thread_count}, 4; {@code server.options}
 * replaces the options of the server's virtual machine, {@code -Xmx1g}.
 */
public final class CountersAtScale implements AutoCloseable {
  private static final int BATCH_SAVE = 100;

  /** After so many ids the blocks have grown. */
  private static final int WARM_UP = 300_000;

  /** Rows are stored for {@code shop 1} and so on. */
  private static final String RULE = "task";

  private final Server server;
  private final @Nullable MariaDb database;

  private CountersAtScale(String name, String kind) throws IOException, SQLException {
    Settings settings =
        Settings.of("data/1")
            .with("thread_count", Integer.getInteger("server.writers", 4))
            .rule(RULE, RULE + ".lua", BATCH_SAVE);
    database = kind.equals("mariadb") ? MariaDb.fresh(name + "-db") : null;
    server =
        Installation.fresh(name).server(1, database == null ? settings : settings.on(database));
    server.environment(Map.of("JAVA_OPTS", System.getProperty("server.options", "-Xmx1g")));
  }

  public static void main(String[] args) throws Exception {
    int size = Integer.parseInt(args[2]);
    int more = Integer.parseInt(args[3]);
    System.out.println(String.join(" ", args));
    switch (args[0]) {
      case "hot" -> hot(args[1], size, more);
      case "first" -> first(args[1], size, more);
      case "start" -> start(args[1], size, more);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static String namespace(String app) {
    return "\"rule_name\":\"%s\",\"app_name\":\"%s\"".formatted(RULE, app);
  }

  /** One namespace at full speed: how many writes, and does anybody wait for one? */
  private static void hot(String kind, int ids, int window) throws Exception {
    try (CountersAtScale run = new CountersAtScale("hot", kind)) {
      run.server.start();
      IntFunction<String> one = seq -> namespace("shop");
      try (Swarm swarm = new Swarm(run.server.settings().udpPort(), window, one)) {
        System.out.println("warm-up: " + swarm.ask(0, WARM_UP));
        JsonObject before = run.status();
        System.out.println("then:    " + swarm.ask(WARM_UP, WARM_UP + ids));
        tell(before, run.status());
      }
    }
  }

  /** Namespaces that nobody has used before, one id each; then each of them a second block. */
  private static void first(String kind, int namespaces, int window) throws Exception {
    try (CountersAtScale run = new CountersAtScale("first", kind)) {
      run.server.start();
      IntFunction<String> own = seq -> namespace("shop " + seq % namespaces);
      try (Swarm swarm = new Swarm(run.server.settings().udpPort(), window, own)) {
        JsonObject before = run.status();
        System.out.println("first blocks: " + swarm.ask(0, namespaces));
        tell(before, run.status());
      }
      // their rows are there now
      run.server.kill();
      run.server.start();
      try (Swarm swarm = new Swarm(run.server.settings().udpPort(), window, own)) {
        JsonObject before = run.status();
        System.out.println("after a kill: " + swarm.ask(0, namespaces));
        tell(before, run.status());
      }
    }
  }

  /** From the command to the first id: with an empty table, and with so many rows in it. */
  private static void start(String kind, int rows, int rounds) throws Exception {
    try (CountersAtScale empty = new CountersAtScale("start-empty", kind);
        CountersAtScale full = new CountersAtScale("start-full", kind)) {
      for (CountersAtScale each : new CountersAtScale[] {empty, full}) {
        each.server.start(); // creates the table
        each.server.stop();
      }
      full.fill(rows);
      for (boolean killed : new boolean[] {false, true}) {
        double[][] seconds = new double[2][rounds];
        for (int round = 0; round < rounds; round++) {
          seconds[0][round] = empty.secondsToFirstId(round, killed);
          seconds[1][round] = full.secondsToFirstId(round, killed);
        }
        System.out.printf(
            "after a %s: empty %s s, %d rows %s s%n",
            killed ? "kill" : "clean stop",
            Arrays.toString(seconds[0]),
            rows,
            Arrays.toString(seconds[1]));
      }
    }
  }

  /** Starts, asks until there is an id, asks for a hundred namespaces at once, and ends. */
  private double secondsToFirstId(int round, boolean kill) throws Exception {
    long began = System.nanoTime();
    CompletableFuture<Void> starting =
        CompletableFuture.runAsync(
            () -> {
              try {
                server.start();
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    int port = server.settings().udpPort();
    double seconds;
    try (UdpClient client = new UdpClient(port, Duration.ofMillis(20))) {
      while (!hasId(client, "shop " + (round + 1))) {
        if (starting.isCompletedExceptionally()) {
          starting.join();
        }
      }
      seconds = Math.round((System.nanoTime() - began) / 1e6) / 1e3;
    }
    starting.join();
    IntFunction<String> hundred = seq -> namespace("shop " + (1000 * (round + 1) + seq));
    try (Swarm swarm = new Swarm(port, 100, hundred)) {
      System.out.println("first id after " + seconds + " s, then at once: " + swarm.ask(0, 100));
    }
    if (kill) {
      server.kill();
    } else {
      server.stop();
    }
    return seconds;
  }

  private static boolean hasId(UdpClient client, String app) throws IOException {
    try {
      return client.get(RULE, app).granted();
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private void fill(int rows) throws IOException, SQLException {
    long began = System.nanoTime();
    try (Connection connection = connect();
        Statement sql = connection.createStatement()) {
      int chunk = 100_000;
      for (int from = 1; from <= rows; from += chunk) {
        int to = Math.min(from + chunk - 1, rows);
        sql.execute(
            database == null
                ? ("INSERT INTO id_server_counter SELECT STRINGTOUTF8('%s'),"
                        + " STRINGTOUTF8('shop ' || x), 0, 0, 99, 0, 1 FROM SYSTEM_RANGE(%d, %d)")
                    .formatted(RULE, from, to)
                : ("INSERT INTO id_server_counter SELECT '%s', CONCAT('shop ', seq), 0, 0, 99, 0, 1"
                        + " FROM seq_%d_to_%d")
                    .formatted(RULE, from, to));
      }
    }
    System.out.printf("filled %d rows in %.1f s%n", rows, (System.nanoTime() - began) / 1e9);
  }

  private Connection connect() throws SQLException {
    if (database != null) {
      return database.connect();
    }
    Path file = server.data().resolve("counter").toAbsolutePath();
    return DriverManager.getConnection("jdbc:h2:file:" + file + ";MODE=MySQL", "sa", "");
  }

  private JsonObject status() throws IOException {
    return Answer.of(server.rest().get("/status").body()).json();
  }

  private static void tell(JsonObject before, JsonObject after) {
    for (String count : new String[] {"reservations", "blocks", "parked", "received", "dropped"}) {
      System.out.printf(
          "  %s %d",
          count, after.getJsonNumber(count).longValue() - before.getJsonNumber(count).longValue());
    }
    System.out.println("  counters " + after.getInt("counters"));
  }

  @Override
  public void close() {
    server.close();
    if (database != null) {
      database.close();
    }
  }
}
