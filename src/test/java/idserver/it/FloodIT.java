package idserver.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * Bad input without end, while a client goes on asking. How many datagrams is set by {@code
 * flood.datagrams}, and which by {@code flood.seed}.
 */
class FloodIT {
  private static final long DATAGRAMS = Long.getLong("flood.datagrams", 300_000);
  private static final long SEED = Long.getLong("flood.seed", System.nanoTime());

  /** The names that a flood brings are those of its first part: it is to find all places taken. */
  private static final int MAX_COUNTERS = 300;

  private static final long BEFOREHAND = 100_000;
  private static final int REQUESTS = 1_000;
  private static final long PAUSE_NANOS = 2_000_000;

  /** The kernel throws away what the flood leaves no room for. */
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private static final int TRIES = 100;

  /** The container may begin a thread for HTTP or for a timer meanwhile. */
  private static final int CONTAINERS_OWN = 4;

  private static final long SOME_MB = 4 << 20;
  private static final String[] RULES = {"dated", "event"};
  private static final Namespace NAMESPACE = new Namespace("dated", "orders");

  private final Checker checker = Checker.ofOneServer();
  private long answers;

  /** What the client saw. */
  private record Seen(Latencies latencies, int unanswered) {
    @Override
    public String toString() {
      return latencies + ", " + unanswered + " asked again";
    }
  }

  @Test
  void aFloodKillsNothingLeavesNothingBehindAndStopsNobody() throws Exception {
    Installation installation =
        Installation.fresh("FloodIT").rule("dated.lua", Installation.resource("dated.lua"));
    Settings settings =
        Settings.of("data/1")
            .rule("dated", "dated.lua", 100)
            .timeRule("event", "classic", "2020-01-01")
            .with("max_counters", MAX_COUNTERS);
    try (Server server = installation.server(1, settings)) {
      server.start();
      ask(server, 1, () -> false);
      Flood flood = new Flood(SEED, RULES);
      flood.send(settings.udpPort(), BEFOREHAND);
      await().until(() -> ask(server, 100, () -> false).unanswered() == 0);
      try (ServerJvm inside = ServerJvm.of(server)) {
        List<String> threads = inside.threads();
        long bytes = inside.liveBytes();
        Seen alone = ask(server, REQUESTS, () -> false);

        long begun = System.nanoTime();
        Seen flooded = askThrough(server);
        double seconds = (System.nanoTime() - begun) / 1e9;

        JsonObject status = status(server);
        System.out.printf(
            "flood of %d in %.1f s, seed %d: %d answered, %s%nalone:   %s%nflooded: %s%n",
            DATAGRAMS, seconds, SEED, answers, status, alone, flooded);
        Seen afterwards = ask(server, REQUESTS, () -> false);
        long bytesAfter = inside.liveBytes();
        System.out.printf(
            "heap %,d -> %,d bytes, threads %d -> %d%n",
            bytes, bytesAfter, threads.size(), inside.threads().size());

        System.out.println(checker.assertSound());
        assertThat(flooded.latencies().count()).isPositive();
        assertThat(afterwards.latencies().count()).isEqualTo(REQUESTS);
        assertThat(status.getBoolean("ready")).isTrue();
        assertThat(status.getInt("counters")).isLessThanOrEqualTo(MAX_COUNTERS);
        assertThat(status.getInt("errors_suppressed")).isPositive();
        assertThat(answers).isPositive();
        assertThat(ours(inside.threads())).isEqualTo(ours(threads)).isNotEmpty();
        assertThat(inside.threads()).hasSizeLessThan(threads.size() + CONTAINERS_OWN);
        assertThat(bytesAfter).isLessThan(bytes + bytes / 20 + SOME_MB);
      }
      assertThat(server.stop().exitCode()).isZero();
      checker.assertReserved(Reservation.embedded(server.data()));
    }
  }

  /** The client asks for as long as the flood goes on. */
  private Seen askThrough(Server server) throws Exception {
    Process flood = Flood.begin(server, DATAGRAMS, SEED, RULES);
    Seen seen = ask(server, Integer.MAX_VALUE, () -> !flood.isAlive());
    answers += Long.parseLong(new String(flood.getInputStream().readAllBytes(), UTF_8).strip());
    assertThat(flood.exitValue()).isZero();
    return seen;
  }

  private Seen ask(Server server, int requests, BooleanSupplier over) {
    Latencies latencies = new Latencies();
    int unanswered = 0;
    try (UdpClient client = new UdpClient(server.settings().udpPort(), PATIENCE)) {
      for (int i = 0; i < requests && !over.getAsBoolean(); i++) {
        int lost = ask(client, latencies);
        assertThat(lost).as("times that request %d was not answered", i).isLessThan(TRIES);
        unanswered += lost;
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Seen(latencies, unanswered);
  }

  /** Asks until there is an id; how often there was none. */
  private int ask(UdpClient client, Latencies latencies) throws IOException {
    for (int lost = 0; lost < TRIES; lost++) {
      long sentMs = System.currentTimeMillis();
      long sent = System.nanoTime();
      try {
        Answer answer = client.get(NAMESPACE.rule(), NAMESPACE.app());
        latencies.add(System.nanoTime() - sent);
        if (answer.granted()) {
          long nowMs = System.currentTimeMillis();
          checker.add(new Checker.Issued(NAMESPACE, 0, 0, sentMs, nowMs, answer.id()));
          return lost;
        }
        assertThat(answer.error()).isEqualTo("STORAGE_UNAVAILABLE");
      } catch (SocketTimeoutException e) {
        // asked again, as the kernel had no room for it
      }
    }
    return TRIES;
  }

  private static List<String> ours(List<String> threads) {
    return threads.stream().filter(name -> name.startsWith("idserver-")).toList();
  }

  private static JsonObject status(Server server) throws IOException {
    try (var reader = Json.createReader(new StringReader(server.rest().get("/status").body()))) {
      return reader.readObject();
    }
  }
}
