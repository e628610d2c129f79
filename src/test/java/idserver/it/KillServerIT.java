package idserver.it;

import static org.awaitility.Awaitility.await;

import idserver.testing.MariaDb;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A server that dies by SIGKILL under load, again and again, issues no number twice and none above
 * what its database has promised; nor when its database dies with it. The rounds are set by {@code
 * kill.rounds}.
 */
class KillServerIT {
  private static final int ROUNDS = Integer.getInteger("kill.rounds", 3);
  private static final int LONGEST_ROUND_MS = 2000;

  /** A new random run each time; the seed is told, to repeat one with {@code kill.seed}. */
  private static final long SEED = Long.getLong("kill.seed", System.nanoTime());

  private final Checker checker = Checker.ofOneServer();

  @Test
  void issuesNoNumberTwiceOnTheEmbeddedDatabase() throws Exception {
    Settings settings = settings();
    Server server = install("KillServerIT-h2", settings);
    killInRounds(server, round -> server.kill(), () -> Reservation.embedded(server.data()));
  }

  @Test
  void issuesNoNumberTwiceOnMariaDb() throws Exception {
    try (MariaDb database = MariaDb.fresh("KillServerIT-mariadb-database")) {
      Server server = install("KillServerIT-mariadb", settings().on(database));
      killInRounds(server, round -> kill(server, database, round), () -> rows(database));
    }
  }

  /** In every second round the database dies too, just before the server. */
  private static void kill(Server server, MariaDb database, int round) throws IOException {
    if (round % 2 == 0) {
      database.kill();
      server.kill();
      database.start();
    } else {
      server.kill();
    }
  }

  private static Server install(String name, Settings settings) throws IOException {
    return Installation.fresh(name)
        .rule("dated.lua", Installation.resource("dated.lua"))
        .server(1, settings);
  }

  private static Settings settings() throws IOException {
    return Settings.of("data/1")
        .rule("one", "dated.lua", 1)
        .rule("ten", "dated.lua", 10)
        .rule("hundred", "dated.lua", 100);
  }

  /** Every rule with a busy and, by the number of namespaces, less busy applications. */
  private static List<Namespace> namespaces() {
    List<Namespace> namespaces = new ArrayList<>();
    for (String rule : List.of("one", "ten", "hundred")) {
      for (String app : List.of("a", "b", "c")) {
        namespaces.add(new Namespace(rule, app));
      }
    }
    return namespaces;
  }

  private interface Death {
    void in(int round) throws IOException;
  }

  private interface Table {
    List<Reservation> rows() throws IOException, SQLException;
  }

  private static List<Reservation> rows(MariaDb database) throws SQLException {
    try (Connection connection = database.connect()) {
      return Reservation.all(connection);
    }
  }

  private void killInRounds(Server server, Death death, Table table) throws Exception {
    Random random = new Random(SEED);
    System.out.printf("kill.rounds=%d kill.seed=%d%n", ROUNDS, SEED);
    try (server;
        Load load = Load.on(server.settings().udpPort(), namespaces(), checker, 2, 8)) {
      for (int round = 1; round <= ROUNDS; round++) {
        server.start();
        awaitService(load);
        pass(random.nextInt(LONGEST_ROUND_MS));
        death.in(round);
        load.nextGeneration();
        load.assertAlive();
        System.out.printf("round %d: %s%n", round, checker.assertSound());
        checker.assertReserved(table.rows());
      }
      server.start();
      awaitService(load);
      load.end();
      System.out.printf("at the end: %s, refused %s%n", checker.assertSound(), load.errors());
      server.stop();
      checker.assertReserved(table.rows());
    }
  }

  private static void awaitService(Load load) {
    long before = load.issued();
    await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(1))
        .failFast("the load", load::assertAlive)
        .until(() -> load.issued() > before);
  }

  /** Lets the load go on up to this moment. */
  private static void pass(int millis) {
    Executor then = CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
    CompletableFuture.runAsync(() -> {}, then).join();
  }
}
