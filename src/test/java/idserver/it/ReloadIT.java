package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Rules change while the server serves: all of them or none. */
class ReloadIT {
  private static final String RULE =
      """
      function min_counter() return 1 end
      function max_counter() return 999999 end
      function reset_seconds() return 0 end
      function create_id(counter, now, salt)
        return string.format("%s%%06d", counter:generate_counter())
      end
      """;

  private static Installation installation;
  private static Server server;

  @BeforeAll
  static void start() throws Exception {
    installation = Installation.fresh("ReloadIT").rule("changing.lua", RULE.formatted("A"));
    server = installation.server(1, Settings.of("data/1").rule("changing", "changing.lua", 100));
    server.start();
  }

  @AfterAll
  static void end() throws Exception {
    server.close();
  }

  @Test
  void servesAChangedRuleFromTheSameCounter() throws Exception {
    try (UdpClient client = server.udp()) {
      installation.rule("changing.lua", RULE.formatted("A"));
      assertThat(server.control("reload").exitCode()).isZero();
      assertThat(client.id("changing", "changed")).isEqualTo("A000001");

      installation.rule("changing.lua", RULE.formatted("B"));
      assertThat(client.id("changing", "changed")).isEqualTo("A000002");
      assertThat(server.control("reload").exitCode()).isZero();

      assertThat(client.id("changing", "changed")).isEqualTo("B000003");
    }
  }

  @Test
  void servesARuleThatWasAddedToTheList() throws Exception {
    try (UdpClient client = server.udp()) {
      assertThat(client.get("added", "x").error()).isEqualTo("UNKNOWN_RULE");

      installation.rule("added.lua", RULE.formatted("N"));
      server.configure(server.settings().rule("added", "added.lua", 10));
      assertThat(server.control("reload").exitCode()).isZero();

      assertThat(client.id("added", "x")).isEqualTo("N000001");
    }
  }

  @Test
  void reportsABrokenRuleByFileAndLineAndKeepsTheOldOnes() throws Exception {
    try (UdpClient client = server.udp()) {
      installation.rule("changing.lua", RULE.formatted("A"));
      assertThat(server.control("reload").exitCode()).isZero();

      installation.rule("changing.lua", RULE.formatted("C") + "function oops(\n");
      Outcome reload = server.control("reload");

      assertThat(reload.exitCode()).isNotZero();
      assertThat(reload.text())
          .containsPattern("changing\\.lua\\W*[78]:")
          .doesNotContain("Exception", "\tat ");
      assertThat(client.id("changing", "broken")).isEqualTo("A000001");
    }
  }

  @Test
  void keepsTheOldRulesWhenTheNewConfigurationIsBad() throws Exception {
    try (UdpClient client = server.udp()) {
      installation.rule("changing.lua", RULE.formatted("A"));
      Settings good = server.settings();

      server.configure(good.rule("missing", "missing.lua", 10));
      Outcome reload = server.control("reload");
      server.configure(good);

      assertThat(reload.exitCode()).isNotZero();
      assertThat(reload.text()).contains("missing.lua").doesNotContain("Exception", "\tat ");
      assertThat(client.id("changing", "kept")).endsWith("000001");
      assertThat(client.get("missing", "kept").error()).isEqualTo("UNKNOWN_RULE");
    }
  }
}
