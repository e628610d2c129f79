package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A network that brings more names than it may is refused new ones, over UDP and HTTP together. */
class NewNamesIT {
  private static final int MOST = 10;

  @Test
  void oneNetworkIsRefusedMoreNamesAndItsCountersGoOn() throws Exception {
    Settings settings =
        Settings.of("data/1")
            .rule("dated", "dated.lua", 10)
            .timeRule("event", "classic", "2026-01-01")
            .with("max_counters_per_network", MOST);
    try (Server server =
        Installation.fresh("NewNamesIT")
            .rule("dated.lua", Installation.resource("dated.lua"))
            .server(1, settings)) {
      server.start();
      Rest rest = server.rest();
      try (UdpClient client = server.udp()) {
        for (int i = 0; i < MOST / 2; i++) {
          assertThat(client.get("dated", "udp-" + i).granted()).isTrue();
          assertThat(rest.post("/ids/dated/http-" + i).status()).isEqualTo(200);
        }

        assertThat(client.get("dated", "more").error()).isEqualTo("TOO_MANY");
        assertThat(client.get("event", "more").error()).isEqualTo("TOO_MANY");
        Rest.Reply refused = rest.post("/ids/dated/more");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body()).contains("max_counters_per_network");
        assertThat(client.get("dated", "http-0").granted()).isTrue();
        assertThat(rest.post("/ids/dated/udp-0").status()).isEqualTo(200);
      }
    }
  }
}
