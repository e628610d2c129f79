package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.testing.MariaDb;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One namespace that is asked without a pause, with the smallest block of a hundred numbers: its
 * blocks grow until the database is seldom written, and until nobody has to wait for one.
 */
class HotNamespaceIT {
  private static final List<Namespace> HOT = List.of(new Namespace("dated", "hot"));

  /** After so many ids the blocks have grown as far as the load makes them. */
  private static final int WARM_UP = 30_000;

  private static final int STEADY = 40_000;

  private final Checker checker = Checker.ofOneServer();

  @Test
  void seldomWritesTheEmbeddedDatabaseAndParksNobody() throws Exception {
    run("HotNamespaceIT-h2", Settings.of("data/1"));
  }

  @Test
  void seldomWritesMariaDbAndParksNobody() throws Exception {
    try (MariaDb database = MariaDb.fresh("HotNamespaceIT-database")) {
      run("HotNamespaceIT-mariadb", Settings.of("data/1").on(database));
    }
  }

  private void run(String name, Settings settings) throws Exception {
    Installation installation =
        Installation.fresh(name).rule("dated.lua", Installation.resource("dated.lua"));
    try (Server server = installation.server(1, settings.rule("dated", "dated.lua", 100))) {
      server.start();
      try (Load load = Load.on(server.settings().udpPort(), HOT, checker, 2, 8)) {
        awaitIssued(load, WARM_UP);
        JsonObject before = status(server);
        long issuedBefore = load.issued();
        awaitIssued(load, issuedBefore + STEADY);
        long ids = load.issued() - issuedBefore;
        JsonObject after = status(server);
        load.end();

        long reservations = grown("reservations", before, after);
        System.out.printf(
            "%s: %d ids, %d reservations of %d blocks, %d parked%n",
            name,
            ids,
            reservations,
            grown("blocks", before, after),
            grown("parked", before, after));
        assertThat(before.getInt("parked")).as("the first block is waited for").isPositive();
        assertThat(reservations * 1000).isLessThan(ids);
        assertThat(grown("parked", before, after)).isZero();
        checker.assertSound();
      }
    }
  }

  private static void awaitIssued(Load load, long ids) {
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> {
              load.assertAlive();
              return load.issued() >= ids;
            });
  }

  private static JsonObject status(Server server) throws IOException {
    return Answer.of(server.rest().get("/status").body()).json();
  }

  private static long grown(String count, JsonObject before, JsonObject after) {
    return after.getJsonNumber(count).longValue() - before.getJsonNumber(count).longValue();
  }
}
