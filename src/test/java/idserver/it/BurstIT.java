package idserver.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.testing.Outcome;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Twenty thousand requests as quickly as one can send them, to a server that is held up. */
class BurstIT {
  private static final int BURST = 20_000;

  /** What the server asks the kernel for. */
  private static final int ENOUGH = 16 << 20;

  private static final String RULE =
      """
      function min_counter() return 0 end
      function max_counter() return 999999999 end
      function reset_seconds() return 0 end
      function create_id(counter, now, salt) return string.format("%09d", counter:generate_counter()) end
      """;

  @Test
  void everyRequestOfABurstIsAnsweredOrCountedAsLost() throws Exception {
    Installation installation = Installation.fresh("burst").rule("burst.lua", RULE);
    Settings settings = Settings.of("data").rule("burst", "burst.lua", 100);
    ExecutorService reader = Executors.newSingleThreadExecutor();
    try (Server server = installation.server(1, settings);
        DatagramChannel client = DatagramChannel.open()) {
      server.start();
      client.setOption(StandardSocketOptions.SO_RCVBUF, ENOUGH);
      client.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Set<String> ids = ConcurrentHashMap.newKeySet();
      reader.execute(() -> read(client, ids));
      InetSocketAddress to =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.udpPort());
      String pid = Long.toString(server.process().orElseThrow().pid());
      boolean large = granted() >= ENOUGH;

      signal("STOP", pid);
      try {
        for (int seq = 0; seq < BURST; seq++) {
          client.send(ByteBuffer.wrap(request(seq)), to);
        }
      } finally {
        signal("CONT", pid);
      }

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(ids.size() + lost(server)).isEqualTo(BURST));
      assertThat(ids.size()).isGreaterThan(100);
      if (large) {
        assertThat(lost(server)).isZero();
      }
      System.out.printf(
          "a burst of %d to a server held up: %d answered, %d lost and counted%n",
          BURST, ids.size(), lost(server));
    } finally {
      reader.shutdown();
    }
  }

  private static byte[] request(int seq) {
    return "{\"action\":\"get\",\"rule_name\":\"burst\",\"app_name\":\"test\",\"seq\":%d}"
        .formatted(seq)
        .getBytes(UTF_8);
  }

  /** The answers' sequence numbers: refusals are answers too. */
  private static void read(DatagramChannel client, Set<String> answers) {
    ByteBuffer into = ByteBuffer.allocate(1500);
    try {
      while (true) {
        client.receive(into.clear());
        String answer = new String(into.array(), 0, into.position(), UTF_8);
        answers.add(answer.substring(answer.lastIndexOf(':')));
      }
    } catch (ClosedChannelException e) {
      // the test is over
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int granted() throws IOException {
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, ENOUGH);
      return channel.getOption(StandardSocketOptions.SO_RCVBUF);
    }
  }

  private static int lost(Server server) throws IOException {
    try (var reader = Json.createReader(new StringReader(server.rest().get("/status").body()))) {
      JsonObject status = reader.readObject();
      return status.getInt("lost");
    }
  }

  private static void signal(String name, String pid) throws IOException {
    Outcome outcome =
        Outcome.of(new ProcessBuilder("kill", "-" + name, pid), Duration.ofSeconds(10));
    assertThat(outcome.exitCode()).as(outcome.text()).isZero();
  }
}
