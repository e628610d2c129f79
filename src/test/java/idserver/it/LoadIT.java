package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The document's measurement: four clients, one request outstanding each. The number of requests of
 * each is set by {@code load.requests}; the document has 200 000.
 */
class LoadIT {
  private static final int CLIENTS = 4;
  private static final int REQUESTS = Integer.getInteger("load.requests", 20_000);
  private static final Namespace NAMESPACE = new Namespace("dated", "load");

  private final Checker checker = Checker.ofOneServer();

  @Test
  void answersFourClientsWithoutAFailure() throws Exception {
    Installation installation =
        Installation.fresh("LoadIT").rule("dated.lua", Installation.resource("dated.lua"));
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try (Server server =
        installation.server(1, Settings.of("data/1").rule("dated", "dated.lua", 100))) {
      server.start();

      List<CompletableFuture<Result>> clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> ask(server), threads))
              .toList();
      List<Result> results = clients.stream().map(CompletableFuture::join).toList();

      results.forEach(System.out::println);
      System.out.println(checker.assertSound());
      assertThat(results).extracting(Result::failures).containsOnly(0);
      assertThat(checker.size()).isEqualTo(CLIENTS * REQUESTS);
      server.stop();
      checker.assertReserved(Reservation.embedded(server.data()));
    } finally {
      threads.shutdown();
    }
  }

  private Result ask(Server server) {
    Latencies latencies = new Latencies();
    int failures = 0;
    try (UdpClient client = server.udp()) {
      for (int i = 0; i < REQUESTS; i++) {
        if (!ask(client, latencies)) {
          failures++;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Result(latencies, failures);
  }

  private boolean ask(UdpClient client, Latencies latencies) throws IOException {
    long sentMs = System.currentTimeMillis();
    long sent = System.nanoTime();
    try {
      Answer answer = client.get(NAMESPACE.rule(), NAMESPACE.app());
      latencies.add(System.nanoTime() - sent);
      if (!answer.granted()) {
        return false;
      }
      long nowMs = System.currentTimeMillis();
      checker.add(new Checker.Issued(NAMESPACE, 0, 0, sentMs, nowMs, answer.id()));
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private record Result(Latencies latencies, int failures) {
    /** The line of the document's own measurement. */
    @Override
    public String toString() {
      return "total:%d fail:%d min:%.6f max:%.6f avg:%.6f"
          .formatted(
              REQUESTS,
              failures,
              seconds(latencies.min()),
              seconds(latencies.max()),
              seconds(latencies.mean()));
    }

    private static double seconds(Duration time) {
      return time.toNanos() / 1e9;
    }
  }
}
