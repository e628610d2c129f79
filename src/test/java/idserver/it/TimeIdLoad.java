package idserver.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks a server for batches of time ids, one client for each rule, and goes on while the server is
 * away. One request is outstanding for each rule, so ids arrive in the order of their making.
 * Confined to the thread that made it.
 */
final class TimeIdLoad implements AutoCloseable {
  private static final int BATCH = 20;

  private final Map<String, Client> clients = new LinkedHashMap<>();
  private final ExecutorService threads;
  private volatile boolean ended;

  /** Starts asking. */
  TimeIdLoad(Server server, List<String> rules) {
    threads = Executors.newFixedThreadPool(rules.size());
    for (String rule : rules) {
      clients.put(rule, new Client(rule, server.settings().udpPort()));
    }
  }

  /** Waits until each rule has given so many batches from now on. */
  void awaitBatches(int count) {
    for (Client client : clients.values()) {
      long enough = client.batches.get() + count;
      await()
          .atMost(Duration.ofSeconds(30))
          .pollInterval(Duration.ofMillis(1))
          .failFast("the load", this::assertAlive)
          .until(() -> client.batches.get() >= enough);
    }
  }

  /** Fails as soon as a client has failed; a load that died would make any test pass. */
  void assertAlive() {
    for (Client client : clients.values()) {
      if (client.run.isDone()) {
        client.run.join();
        throw new AssertionError("a client ended by itself");
      }
    }
  }

  /** Sends nothing more. All ids of each rule in the order in which they arrived. */
  Map<String, List<Long>> end() {
    ended = true;
    Map<String, List<Long>> ids = new LinkedHashMap<>();
    clients.forEach((rule, client) -> ids.put(rule, client.run.join()));
    return ids;
  }

  @Override
  public void close() {
    ended = true;
    threads.shutdown();
  }

  private final class Client {
    private final AtomicLong batches = new AtomicLong();
    private final String request;
    private final CompletableFuture<List<Long>> run;

    Client(String rule, int port) {
      request = TimeIdIT.batchRequest(rule, "load", BATCH);
      run = CompletableFuture.supplyAsync(() -> ask(port), threads);
    }

    private List<Long> ask(int port) {
      List<Long> ids = new ArrayList<>();
      try (UdpClient client = new UdpClient(port, Duration.ofMillis(500))) {
        while (!ended) {
          try {
            Answer answer = client.ask(request);
            if (answer.granted()) {
              answer.ids().forEach(id -> ids.add(Long.valueOf(id)));
              batches.incrementAndGet();
            }
          } catch (SocketTimeoutException e) {
            // the server is away: again
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return ids;
    }
  }
}
