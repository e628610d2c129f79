package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.testing.MariaDb;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The database goes away under load and comes back: ids go on while blocks last, then every request
 * is refused at once, then service returns by itself.
 */
class DatabaseOutageIT {
  private static final String REFUSAL = "STORAGE_UNAVAILABLE";
  private static final int REFUSED_REQUESTS = 100;

  /** Ten times what the product promises; the figures themselves are printed. */
  private static final Duration REFUSED_WITHIN = Duration.ofMillis(500);

  private static final Duration BACK_WITHIN = Duration.ofSeconds(30);

  private static MariaDb database;
  private static Server server;

  private final Checker checker = Checker.ofOneServer();

  @BeforeAll
  static void start() throws Exception {
    database = MariaDb.fresh("DatabaseOutageIT-database");
    server =
        Installation.fresh("DatabaseOutageIT")
            .rule("dated.lua", Installation.resource("dated.lua"))
            .server(1, Settings.of("data/1").on(database).rule("dated", "dated.lua", 1000));
    server.start();
  }

  @AfterAll
  static void end() throws Exception {
    server.close();
    database.close();
  }

  @Test
  void ridesOutAKilledDatabase() throws Exception {
    ridesOut("killed", database::kill, database::start);
  }

  @Test
  void ridesOutAHungDatabase() throws Exception {
    ridesOut("hung", database::pause, database::resume);
  }

  private interface Act {
    void run() throws IOException;
  }

  private void ridesOut(String name, Act goAway, Act comeBack) throws Exception {
    ProcessHandle before = server.process().orElseThrow();
    List<Namespace> namespaces =
        List.of(new Namespace("dated", name + "-a"), new Namespace("dated", name + "-b"));
    try (Load load = Load.on(server.settings().udpPort(), namespaces, checker, 2, 2);
        UdpClient client = server.udp()) {
      await().until(() -> load.issued() > 100);
      Namespace calm = new Namespace("dated", name + "-calm");
      await().until(() -> take(client, calm));

      goAway.run();
      long inHand = load.issued();
      assertThat(take(client, calm)).as("an id of the block in hand").isTrue();
      await()
          .atMost(Duration.ofMinutes(1))
          .failFast("the load", load::assertAlive)
          .until(() -> load.errors().contains(REFUSAL));
      inHand = load.issued() - inHand;
      Latencies refused = refuse(client, name + "-new");
      Rest.Reply overHttp = server.rest().post("/ids/dated/" + name + "-new");
      Duration back = bringBack(client, namespaces.get(0), comeBack);
      load.end();

      System.out.printf(
          "%s: %d ids from blocks in hand; refused, one outstanding: %s; under load: %s; first id"
              + " %d ms after the return%n",
          name, inHand, refused, load.refusals(REFUSAL), back.toMillis());
      assertThat(overHttp.status()).as(overHttp.body()).isEqualTo(503);
      assertThat(overHttp.answer().error()).isEqualTo(REFUSAL);
      assertThat(load.unanswered()).as("requests without an answer").isZero();
      assertThat(refused.median()).isLessThan(REFUSED_WITHIN);
      assertThat(load.refusals(REFUSAL).median()).isLessThan(REFUSED_WITHIN);
      assertThat(back).isLessThan(BACK_WITHIN);
      assertThat(load.errors()).containsExactly(REFUSAL);
    }
    assertThat(server.process()).hasValue(before);
    System.out.printf("%s: %s%n", name, checker.assertSound());
    checker.assertReserved(rows());
  }

  /** Asks for ids of a counter that has no block: each request is answered, with a refusal. */
  private static Latencies refuse(UdpClient client, String app) throws IOException {
    Latencies latencies = new Latencies();
    for (int i = 0; i < REFUSED_REQUESTS; i++) {
      long sent = System.nanoTime();
      Answer answer = client.get("dated", app);
      latencies.add(System.nanoTime() - sent);
      assertThat(answer.error()).as(answer.text()).isEqualTo(REFUSAL);
    }
    return latencies;
  }

  /** How long after the return of the database the first id came. */
  private Duration bringBack(UdpClient client, Namespace namespace, Act comeBack)
      throws IOException {
    comeBack.run();
    long returned = System.nanoTime();
    await()
        .atMost(Duration.ofMinutes(1))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> take(client, namespace));
    return Duration.ofNanos(System.nanoTime() - returned);
  }

  private boolean take(UdpClient client, Namespace namespace) throws IOException {
    long sentMs = System.currentTimeMillis();
    Answer answer = client.get(namespace.rule(), namespace.app());
    if (answer.granted()) {
      long nowMs = System.currentTimeMillis();
      checker.add(new Checker.Issued(namespace, 0, 0, sentMs, nowMs, answer.id()));
    }
    return answer.granted();
  }

  private static List<Reservation> rows() throws SQLException {
    try (Connection connection = database.connect()) {
      return Reservation.all(connection);
    }
  }
}
