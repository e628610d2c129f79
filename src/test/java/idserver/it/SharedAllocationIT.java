package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.MariaDb;
import idserver.testing.Outcome;
import java.io.IOException;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Servers that take a rule's numbers from one row, and rules that must stay what they were. */
class SharedAllocationIT {
  private static MariaDb database;
  private static Installation installation;

  @BeforeAll
  static void install() throws Exception {
    database = MariaDb.fresh("SharedAllocationIT-database");
    installation =
        Installation.fresh("SharedAllocationIT")
            .rule("dated.lua", Installation.resource("dated.lua"));
  }

  @AfterAll
  static void end() {
    database.close();
  }

  private static Settings settings(int number) throws IOException {
    return Settings.of("data/" + number).on(database).nodes(64, number);
  }

  private static long number(Server server, String rule) throws IOException {
    try (UdpClient client = server.udp()) {
      return Long.parseLong(client.id(rule, "orders").substring(9));
    }
  }

  private static void take(Server server, Set<Long> numbers) throws IOException {
    for (int i = 0; i < 25; i++) {
      assertThat(numbers.add(number(server, "shared"))).isTrue();
    }
  }

  @Test
  void serversJoinAndLeaveAndNoNumberComesTwice() throws Exception {
    Set<Long> numbers = new HashSet<>();
    try (Server one = shared(0);
        Server two = shared(7);
        Server three = shared(63)) {
      one.start();
      take(one, numbers);
      // who is alone takes each number, whatever the step
      assertThat(Collections.max(numbers)).isEqualTo(24);
      two.start();
      take(two, numbers);
      take(one, numbers);
      one.stop();
      three.start();
      take(three, numbers);
      take(two, numbers);
      one.start();
      take(one, numbers);
      // a lease that is not given back would stand in the way of the migration
      one.stop();
      two.stop();
      three.stop();
    }
    assertThat(numbers).hasSize(150);
  }

  private static Server shared(int number) throws IOException {
    return installation.server(
        number, settings(number).rule("shared", "dated.lua", 10).allocated("shared"));
  }

  @Test
  void aRuleGoesOverToTheSharedRowByMigrationAlone() throws Exception {
    try (Server server = installation.server(10, own(10));
        Server other = installation.server(11, own(11).allocated("shared"))) {
      server.start();
      long last = 0;
      for (int i = 0; i < 25; i++) {
        last = number(server, "own");
      }
      Outcome refused = other.control("start");
      assertThat(refused.err()).contains("rule own: allocation", "migrate").doesNotContain("Exc");

      server.configure(server.settings().allocated("shared"));
      assertThat(server.control("reload").text()).contains("rule own: allocation");
      assertThat(number(server, "own")).isEqualTo(last + 64);
      assertThat(other.control("migrate").err()).contains("node_offset 10 is served");

      server.stop();
      Outcome migrated = other.control("migrate");
      assertThat(migrated.exitCode()).as(migrated.text()).isZero();
      other.start();
      assertThat(number(other, "own")).isGreaterThan(last + 64);
      other.stop();
    }
  }

  private static Settings own(int number) throws IOException {
    return settings(number).rule("own", "dated.lua", 10);
  }

  @Test
  void aTimeRuleKeepsItsLayoutAndEpochOverARestart() throws Exception {
    try (Server server =
        installation.server(20, settings(20).timeRule("ids", "ordered", "2024-01-01"))) {
      server.start();
      server.stop();

      server.configure(settings(20).timeRule("ids", "classic", "2024-01-01"));
      Outcome refused = server.control("start");
      assertThat(refused.exitCode()).isNotZero();
      assertThat(refused.err())
          .contains("rule ids: layout and epoch", "ordered since 2024-01-01T00:00:00Z")
          .doesNotContain("Exception");

      server.configure(
          settings(20)
              .timeRule("ids", "ordered", "2024-01-01")
              .timeRule("more", "classic", "2025-01-01"));
      server.start();
      assertThat(server.control("reload").exitCode()).isZero();
      server.stop();
    }
  }
}
