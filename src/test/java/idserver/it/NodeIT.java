package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.testing.MariaDb;
import idserver.testing.Outcome;
import idserver.testing.Reaper;
import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One offset is served by one server at a time, and by none that knows less than was issued. */
class NodeIT {
  private static final Duration LEASE = Duration.ofMinutes(1);

  private static MariaDb database;
  private static Installation installation;

  @BeforeAll
  static void install() throws Exception {
    database = MariaDb.fresh("NodeIT-database");
    installation =
        Installation.fresh("NodeIT").rule("dated.lua", Installation.resource("dated.lua"));
  }

  @AfterAll
  static void end() {
    database.close();
  }

  private static Server server(int number, int node) throws IOException {
    return installation.server(
        number,
        Settings.of("data/" + number).on(database).nodes(8, node).rule("dated", "dated.lua", 10));
  }

  private static long number(Server server) throws IOException {
    try (UdpClient client = server.udp()) {
      return Long.parseLong(client.id("dated", "orders").substring(9));
    }
  }

  private static void execute(String statement) throws SQLException {
    try (Connection connection = database.connect();
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  @Test
  void aSecondServerWithAnOffsetInUseIsToldWhoUsesItAndAKilledOneIsSucceededAtOnce()
      throws Exception {
    try (Server first = server(1, 0);
        Server second = server(2, 0)) {
      first.start();
      long before = number(first);
      long pid = first.process().orElseThrow().pid();

      Outcome refused = second.control("start");

      assertThat(refused.exitCode()).isNotZero();
      assertThat(refused.err())
          .contains("id_offset is in use by", "pid " + pid, first.data().toString())
          .doesNotContain("Exception");
      assertThat(second.data().resolve("high_water_0")).doesNotExist();
      assertThat(number(first)).isEqualTo(before + 8);

      first.kill();
      first.start();
      assertThat(number(first)).isGreaterThan(before + 8);
    }
  }

  @Test
  void aKnownNodeOnAnEmptyDiskStartsWhenTheOperatorAcceptsTheDatabase() throws Exception {
    try (Server server = server(3, 1)) {
      server.start();
      long before = number(server);
      server.stop();
      Files.delete(server.data().resolve("high_water_1"));

      Outcome refused = server.control("start");
      assertThat(refused.exitCode()).isNotZero();
      assertThat(refused.err())
          .contains("high-water file", "accept id_server")
          .doesNotContain("Exception");

      assertThat(server.control("accept").exitCode()).isZero();
      server.start();
      assertThat(number(server)).isEqualTo(before + 8);
      server.stop();
      assertThat(server.data().resolve("accept_database")).doesNotExist();
      // and asks no more
      server.start();
    }
  }

  @Test
  void aDatabaseThatCameBackOlderIsRepairedForwardAndTheOperatorIsTold() throws Exception {
    try (Server server = server(4, 2)) {
      server.start();
      Set<Long> numbers = new HashSet<>();
      for (int i = 0; i < 50; i++) {
        numbers.add(number(server));
      }
      server.stop();
      execute(
          "UPDATE id_server_counter SET reserved = 10 WHERE node_offset = 2 AND app_name <> 'time'");

      server.start();

      for (int i = 0; i < 50; i++) {
        assertThat(numbers.add(number(server))).as("number for the first time").isTrue();
      }
      assertThat(server.rest().get("/status").body()).contains("\"older_counters\":1");
      assertThat(installation.logs()).contains("The database has come back older");
    }
  }

  @Test
  void anAcceptedDatabaseThatThenComesBackOlderIsRepairedForwardBeforeACounterWasUsed()
      throws Exception {
    try (Server server = server(9, 4)) {
      server.start();
      Set<Long> numbers = new HashSet<>();
      for (int i = 0; i < 50; i++) {
        numbers.add(number(server));
      }
      server.stop();
      Files.delete(server.data().resolve("high_water_4"));
      assertThat(server.control("accept").exitCode()).isZero();
      server.start();
      server.stop();
      // a replica that is older than the acceptance takes over
      execute(
          "UPDATE id_server_counter SET reserved = 12 WHERE node_offset = 4 AND app_name <> 'time'");

      server.start();

      for (int i = 0; i < 50; i++) {
        assertThat(numbers.add(number(server))).as("number for the first time").isTrue();
      }
      assertThat(server.rest().get("/status").body()).contains("\"older_counters\":1");
    }
  }

  @Test
  void anOwnerThatWasPausedPastItsLeaseReservesNoMoreAndIssuesNothingTwice() throws Exception {
    try (Server paused = server(5, 3);
        Server successor = server(6, 3)) {
      paused.start();
      Set<Long> numbers = new HashSet<>();
      numbers.add(number(paused));
      ProcessHandle process = paused.process().orElseThrow();
      Reaper.signal(process, "STOP");
      assertThat(successor.control("accept").exitCode()).isZero();
      successor.start();
      assertThat(numbers.add(number(successor))).isTrue();

      Reaper.signal(process, "CONT");

      try (UdpClient client = paused.udp()) {
        await()
            .atMost(LEASE)
            .until(
                () -> {
                  Answer answer = client.get("dated", "orders");
                  if (answer.granted()) {
                    assertThat(numbers.add(Long.parseLong(answer.id().substring(9)))).isTrue();
                  }
                  return !answer.granted();
                });
      }
      for (int i = 0; i < 30; i++) {
        assertThat(numbers.add(number(successor))).isTrue();
      }
      await()
          .atMost(LEASE)
          .until(() -> paused.rest().get("/status").body().contains("\"node_lost\":true"));
      assertThat(paused.rest().get("/health/ready").status()).isEqualTo(503);
      assertThat(successor.rest().get("/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void anotherStepIsRefusedUntilItIsMigratedAndThenNoNumberComesAgain() throws Exception {
    try (MariaDb own = MariaDb.fresh("NodeIT-migration-database");
        Server server =
            installation.server(7, Settings.of("data/7").on(own).rule("dated", "dated.lua", 10));
        Server added =
            installation.server(
                8, Settings.of("data/8").on(own).nodes(2, 1).rule("dated", "dated.lua", 10))) {
      server.start();
      long last = 0;
      for (int i = 0; i < 25; i++) {
        last = number(server);
      }
      server.configure(server.settings().nodes(2, 0));
      server.stop();
      assertThat(server.control("start").err()).contains("id_step", "migrate id_server");
      assertThat(added.control("start").err()).contains("id_step", "migrate id_server");

      Outcome migrated = server.control("migrate");

      assertThat(migrated.text()).contains("id_step 2", "counters");
      assertThat(migrated.exitCode()).isZero();
      server.start();
      added.start();
      assertThat(number(server)).isGreaterThan(last).isEven();
      assertThat(number(added)).isGreaterThan(last).isOdd();
      assertThat(added.control("migrate").exitCode()).isNotZero();
    }
  }
}
