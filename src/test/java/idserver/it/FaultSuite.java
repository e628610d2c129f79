package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import idserver.testing.MariaDb;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Faults under load, with a checker over every answer. How many rounds: {@code faults.scale}, 1 for
 * the long form; a seed to repeat a run: {@code faults.seed}.
 */
abstract class FaultSuite {
  private static final double SCALE =
      Double.parseDouble(System.getProperty("faults.scale", "0.006"));
  static final long SEED = Long.getLong("faults.seed", System.nanoTime());

  final Random random = new Random(SEED);

  /** A server of that number, in an installation of its own below {@code target/it}. */
  abstract Victim victim(Installation installation, int number, Settings settings)
      throws IOException;

  abstract FaultTable table();

  /** How often the long form tries a fault. */
  abstract int rounds(String fault);

  int scaled(String fault) {
    return (int) Math.max(1, Math.round(SCALE * rounds(fault)));
  }

  /** What is done to a running server in each round, once it has served for a moment. */
  interface Fault {
    void happens(FaultRun run, int round) throws Exception;
  }

  static Installation installation(String name) throws IOException {
    return Installation.fresh(name).rule("dated.lua", Installation.resource("dated.lua"));
  }

  static Settings settings(String dataDir) throws IOException {
    return FaultRun.rules(Settings.of(dataDir));
  }

  /** Tries a fault so often on a server, which runs before and after each round. */
  void tryOn(Victim victim, String name, String key, Checker checker, Fault fault)
      throws Exception {
    tryOn(victim, name, key, new FaultRun(checker, random), fault);
  }

  void tryOn(Victim victim, String name, String key, FaultRun played, Fault fault)
      throws Exception {
    int rounds = scaled(key);
    try (FaultRun run = played) {
      run.begin(victim);
      for (int round = 1; round <= rounds; round++) {
        run.serve();
        fault.happens(run, round);
        run.recovers();
      }
      told(run.end(name, rounds));
      victim.end();
    }
  }

  void told(FaultTable.Row row) {
    table().add(row);
    assertThat(row.faults()).as(row.fault()).isEmpty();
    assertThat(row.ids()).as("ids under " + row.fault()).isPositive();
  }

  private static void assertReserved(Checker checker, MariaDb database) throws Exception {
    try (Connection connection = database.connect()) {
      checker.assertReserved(Reservation.all(connection));
    }
  }

  @Test
  void serverKilledOnTheEmbeddedDatabase() throws Exception {
    Checker checker = Checker.ofOneServer();
    Victim victim = victim(installation(name("kill-h2")), 1, settings("data/1"));
    tryOn(
        victim,
        "server killed, embedded database",
        "kill",
        checker,
        (run, round) -> {
          victim.kill();
          run.died();
          victim.begin();
        });
    checker.assertReserved(Reservation.embedded(victim.data()));
  }

  @Test
  void serverKilledOnMariaDb() throws Exception {
    Checker checker = Checker.ofOneServer();
    try (MariaDb database = MariaDb.fresh(name("kill-mariadb-database"))) {
      Victim victim =
          victim(installation(name("kill-mariadb")), 1, settings("data/1").on(database));
      tryOn(
          victim,
          "server killed, MariaDB",
          "kill",
          checker,
          (run, round) -> {
            victim.kill();
            run.died();
            victim.begin();
          });
      assertReserved(checker, database);
    }
  }

  @Test
  void databaseKilled() throws Exception {
    Checker checker = Checker.ofOneServer();
    try (MariaDb database = MariaDb.fresh(name("kill-database"))) {
      Victim victim =
          victim(installation(name("kill-database-server")), 1, settings("data/1").on(database));
      tryOn(
          victim,
          "database killed",
          "database",
          checker,
          (run, round) -> {
            database.kill();
            run.serve();
            database.start();
          });
      assertReserved(checker, database);
    }
  }

  @Test
  void bothKilled() throws Exception {
    Checker checker = Checker.ofOneServer();
    try (MariaDb database = MariaDb.fresh(name("kill-both-database"))) {
      Victim victim = victim(installation(name("kill-both")), 1, settings("data/1").on(database));
      tryOn(
          victim,
          "database and server killed",
          "both",
          checker,
          (run, round) -> {
            database.kill();
            if (random.nextBoolean()) {
              run.serve();
            }
            victim.kill();
            run.died();
            database.start();
            victim.begin();
          });
      assertReserved(checker, database);
    }
  }

  /** Without a clock of the database's to go by, the server follows where it is set. */
  @Test
  void clockSetOverARestart() throws Exception {
    Optional<Path> library = FakeTime.library();
    assumeTrue(library.isPresent(), "skipped: no libfaketime here; the clock cannot be set");
    Checker checker = new Checker(0, 999_999_999_999L, 1, null);
    Victim victim = victim(installation(name("clock")), 1, settings("data/1"));
    List<Duration> steps =
        List.of(
            Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(40));
    tryOn(
        victim,
        "clock set over a kill and a start",
        "clock",
        checker,
        (run, round) -> {
          victim.kill();
          run.died();
          Duration step = steps.get(random.nextInt(steps.size()));
          Duration back = random.nextInt(4) == 0 ? Duration.ZERO : step;
          victim.environment(
              FakeTime.environment(
                  library.orElseThrow(), random.nextBoolean() ? back : back.negated()));
          victim.begin();
        });
    victim.environment(Map.of());
    checker.assertReserved(Reservation.embedded(victim.data()));
  }

  String name(String test) {
    return getClass().getSimpleName() + "-" + test;
  }

  static ZoneId zone() {
    return ZoneId.systemDefault();
  }
}
