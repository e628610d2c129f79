package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.MariaDb;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A rule that is given a shorter period makes none of the present one's ids again. */
class PeriodChangeIT {
  private static final String RULE =
      """
      function min_counter() return 1 end
      function max_counter() return 99999999 end
      function reset_period() return "%s" end
      function create_id(counter, now, salt)
        return string.format("%%04d%%02d%%02d%%02d/%%d", now:year(), now:month(), now:day(),
          now:hour(), counter:generate_counter())
      end
      """;

  private static MariaDb database;

  @BeforeAll
  static void install() throws Exception {
    database = MariaDb.fresh("PeriodChangeIT-database");
  }

  @AfterAll
  static void end() {
    database.close();
  }

  private static void take(Server server, Set<String> ids) throws Exception {
    try (UdpClient client = server.udp()) {
      for (int i = 0; i < 25; i++) {
        assertThat(ids.add(client.id("own", "orders"))).isTrue();
        assertThat(ids.add("shared " + client.id("shared", "orders"))).isTrue();
      }
    }
  }

  @Test
  void overAReloadARestartAndAKill() throws Exception {
    Installation installation = with("year", Installation.fresh("PeriodChangeIT"));
    Settings settings =
        Settings.of("data/1")
            .on(database)
            .rule("shared", "rule.lua", 10)
            .allocated("shared")
            .rule("own", "rule.lua", 10);
    Set<String> ids = new HashSet<>();
    try (Server server = installation.server(1, settings)) {
      server.start();
      take(server, ids);

      with("month", installation);
      assertThat(server.control("reload").exitCode()).isZero();
      take(server, ids);

      server.stop();
      with("day", installation);
      server.start();
      take(server, ids);

      server.kill();
      with("hour", installation);
      server.start();
      take(server, ids);
    }
  }

  private static Installation with(String period, Installation installation) throws Exception {
    return installation.rule("rule.lua", RULE.formatted(period));
  }
}
