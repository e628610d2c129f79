package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.Galera;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Three servers on a Galera cluster of three nodes, one of which is killed every half a minute and
 * comes back: every request has its ids, and none comes twice, though the servers reserve of one
 * row on different nodes. How long: {@code faults.minutes}.
 */
class GaleraIT {
  private static final double MINUTES =
      Double.parseDouble(System.getProperty("faults.minutes", "0.3"));
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime());
  private static final int SERVERS = 3;
  private static final int CLIENTS = 6;

  /** The nodes that live take 5 s and more to leave one out that is silent, and commit nothing. */
  private static final Duration DEADLINE = Duration.ofMinutes(1);

  private static final Duration EVERY =
      Duration.ofMillis((long) Math.min(30_000, MINUTES * 60_000 / 3));

  private static final List<Namespace> NAMESPACES =
      List.of(new Namespace("one", "a"), new Namespace("ten", "b"), new Namespace("hundred", "c"));

  private final Checker checker = Checker.ofOneServer();
  private final Latencies latencies = new Latencies();
  private final Random random = new Random(SEED);
  private volatile boolean ended;

  @Test
  void aLostNodeOfTheDatabaseCostsNoRequestAndNoNumberComesTwice() throws Exception {
    Galera.assumeInstalled();
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    List<CoreProcess> servers = new ArrayList<>();
    try (Galera cluster = Galera.fresh(SERVERS)) {
      Installation installation = FaultSuite.installation("GaleraIT");
      for (int i = 0; i < SERVERS; i++) {
        Settings settings =
            FaultSuite.settings("data/" + i)
                .nodes(SERVERS, i)
                .onDatabase(cluster.hosts(i), 3306)
                .allocated("shared");
        servers.add(CoreProcess.of(installation, i, settings));
        servers.get(i).begin();
      }
      List<Integer> ports = servers.stream().map(each -> each.settings().udpPort()).toList();
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int first = i;
        clients.add(CompletableFuture.runAsync(() -> ask(ports, first), threads));
      }
      int kills = killNodes(cluster, clients);
      ended = true;
      clients.forEach(CompletableFuture::join);
      tell(kills);
      assertThat(checker.faults()).isEmpty();
      try (Connection connection = cluster.connect(0)) {
        checker.assertReserved(
            Reservation.all(connection).stream()
                .map(row -> new Reservation(row.namespace(), 0, row.reserved()))
                .toList());
      }
    } finally {
      ended = true;
      servers.forEach(CoreProcess::close);
      threads.shutdown();
    }
  }

  private int killNodes(Galera cluster, List<CompletableFuture<Void>> clients) throws IOException {
    int kills = 0;
    long end = System.nanoTime() + (long) (MINUTES * 60e9);
    while (System.nanoTime() - end < 0) {
      long next = System.nanoTime() + EVERY.toNanos();
      int node = random.nextInt(SERVERS);
      cluster.kill(node);
      kills++;
      LockSupport.parkNanos(Duration.ofSeconds(2).toNanos());
      cluster.start(node);
      assertThat(clients).noneMatch(CompletableFuture::isDone);
      LockSupport.parkNanos(next - System.nanoTime());
    }
    return kills;
  }

  private void ask(List<Integer> ports, int first) {
    try (FailingOver client = new FailingOver(ports, first, this::take, DEADLINE)) {
      for (int turn = first; !ended; turn++) {
        long began = System.nanoTime();
        client.get(NAMESPACES.get(turn % NAMESPACES.size()), 10);
        latencies.add(System.nanoTime() - began);
        LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void take(Namespace namespace, int server, long sentMs, String id) {
    checker.add(new Checker.Issued(namespace, 0, 0, sentMs, System.currentTimeMillis(), id));
  }

  private void tell(int kills) throws IOException {
    String told =
        "Galera, %.1f minutes, seed %d: %d nodes killed; requests %s; %s%n"
            .formatted(MINUTES, SEED, kills, latencies, checker.summary());
    System.out.print(told);
    Files.writeString(Path.of("target", "faults-galera.md"), told);
  }
}
