package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A network that brings more names than it may is refused new ones, over UDP and HTTP together. How
 * many are brought for the memory's sake is set by {@code names.count}.
 */
class NewNamesIT {
  private static final int MOST = 10;

  private static final int NAMES = Integer.getInteger("names.count", 30_000);

  /** At once, so that a reservation serves many, and a socket has room for the answers. */
  private static final int WINDOW = 100;

  /** What a namespace takes at the most: a counter with its block and its mark, and two names. */
  private static final int BYTES_EACH = 1_200;

  /** What the server itself may have taken meanwhile. */
  private static final long SOME_MB = 16 << 20;

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
          assertThat(client.id("dated", "udp-" + i)).isNotEmpty();
          assertThat(rest.post("/ids/dated/http-" + i).status()).isEqualTo(200);
        }

        assertThat(client.get("dated", "more").error()).isEqualTo("TOO_MANY");
        assertThat(client.get("event", "more").error()).isEqualTo("TOO_MANY");
        Rest.Reply refused = rest.post("/ids/dated/more");
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.body()).contains("max_counters_per_network");
        assertThat(client.id("dated", "http-0")).isNotEmpty();
        assertThat(rest.post("/ids/dated/udp-0").status()).isEqualTo(200);
      }
    }
  }

  /** What a million requests came to. */
  private record Brought(int granted, int refused) {
    Brought plus(Brought more) {
      return new Brought(granted + more.granted, refused + more.refused);
    }
  }

  @Test
  void namesWithoutEndTakeBoundedMemoryAndHarmNobody() throws Exception {
    int most = NAMES / 2;
    Settings settings =
        Settings.of("data/2")
            .rule("dated", "dated.lua", 10)
            .with("max_counters_per_network", most)
            .with("max_counters", NAMES);
    try (Server server =
        Installation.fresh("NewNamesIT-many")
            .rule("dated.lua", Installation.resource("dated.lua"))
            .server(2, settings)) {
      server.start();
      try (ServerJvm inside = ServerJvm.of(server);
          UdpClient client = server.udp()) {
        String first = client.id("dated", "old");
        long before = inside.liveBytes();
        Brought brought = new Brought(0, 0);
        long begun = System.nanoTime();
        for (int from = 0; from < NAMES; from += WINDOW) {
          brought = brought.plus(bring(settings.udpPort(), from, Math.min(from + WINDOW, NAMES)));
        }
        double seconds = (System.nanoTime() - begun) / 1e9;
        long bytes = inside.liveBytes() - before;

        System.out.printf(
            "%d names in %.1f s: %d had an id, %d none or none in time, %d bytes each of %d%n",
            NAMES, seconds, brought.granted, brought.refused, bytes / most, most);
        assertThat(brought.granted).isPositive().isLessThan(most);
        assertThat(brought.refused).isGreaterThanOrEqualTo(NAMES - most);
        assertThat(bytes).isLessThan((long) BYTES_EACH * most + SOME_MB);
        assertThat(client.id("dated", "old")).isGreaterThan(first);
        assertThat(client.id("dated", "name 0")).isNotEmpty();
        assertThat(client.get("dated", "one more").error()).isEqualTo("TOO_MANY");
      }
    }
  }

  private static Brought bring(int port, int from, int to) throws IOException {
    int granted = 0;
    int refused = 0;
    try (UdpClient client = new UdpClient(port, Duration.ofSeconds(2))) {
      for (int i = from; i < to; i++) {
        client.send("{\"action\":\"get\",\"rule_name\":\"dated\",\"app_name\":\"name " + i + "\"}");
      }
      for (int i = from; i < to; i++) {
        if (client.receive().granted()) {
          granted++;
        } else {
          refused++;
        }
      }
    } catch (SocketTimeoutException e) {
      // the kernel had no room for some of them
      refused = to - from - granted;
    }
    return new Brought(granted, refused);
  }
}
