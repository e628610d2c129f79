package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.client.ClientMetrics;
import idserver.client.ClientSettings;
import idserver.client.IdClient;
import idserver.client.ServerAddress;
import idserver.testing.MariaDb;
import idserver.testing.UdpProxy;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * A hundred Java clients of three servers, one of which is killed, paused or cut off from them, in
 * turn: every request has its ids within the client's deadline, and none comes twice. How long:
 * {@code faults.minutes}.
 */
class ClientsOfAClusterIT {
  private static final double MINUTES =
      Double.parseDouble(System.getProperty("faults.minutes", "0.3"));
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime());
  private static final int SERVERS = 3;
  private static final int CLIENTS = 100;
  private static final Duration REST = Duration.ofSeconds(1);
  private static final Duration FAULT = Duration.ofSeconds(2);

  /** Each client asks so often: 2000 requests a second in all. */
  private static final long EACH_NANOS = 50_000_000;

  private static final List<Namespace> NAMESPACES =
      List.of(new Namespace("one", "a"), new Namespace("ten", "b"), new Namespace("hundred", "c"));

  private final Random random = new Random(SEED);
  private final Checker checker = Checker.ofOneServer();
  private final Latencies latencies = new Latencies();
  private final AtomicLong failOvers = new AtomicLong();
  private final List<String> failures = new ArrayList<>();
  private final List<CoreProcess> servers = new ArrayList<>();
  private final List<UdpProxy> networks = new ArrayList<>();
  private volatile boolean ended;

  @Test
  void aServerThatIsKilledPausedOrCutOffCostsNoRequest() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try (MariaDb database = MariaDb.fresh("ClientsOfAClusterIT-database")) {
      Installation installation = FaultSuite.installation("ClientsOfAClusterIT");
      for (int i = 0; i < SERVERS; i++) {
        Settings settings =
            FaultSuite.settings("data/" + i).nodes(SERVERS, i).on(database).allocated("shared");
        servers.add(CoreProcess.of(installation, i, settings));
        servers.get(i).begin();
        networks.add(new UdpProxy(settings.udpPort(), 0, SEED + i));
      }
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        clients.add(CompletableFuture.runAsync(() -> ask(number), threads));
      }
      int faults = playFaults();
      ended = true;
      clients.forEach(CompletableFuture::join);
      tell(faults);
      assertThat(failures).isEmpty();
      assertThat(checker.faults()).isEmpty();
      try (Connection connection = database.connect()) {
        checker.assertReserved(
            Reservation.all(connection).stream()
                .map(row -> new Reservation(row.namespace(), 0, row.reserved()))
                .toList());
      }
    } finally {
      ended = true;
      networks.forEach(UdpProxy::close);
      servers.forEach(CoreProcess::close);
      threads.shutdown();
    }
  }

  /** One server at a time, so that two always live. */
  private int playFaults() throws IOException {
    int faults = 0;
    long end = System.nanoTime() + (long) (MINUTES * 60e9);
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(REST.toNanos());
      int which = random.nextInt(SERVERS);
      CoreProcess server = servers.get(which);
      switch (faults++ % 3) {
        case 0 -> {
          server.kill();
          LockSupport.parkNanos(FAULT.toNanos());
          server.begin();
        }
        case 1 -> {
          server.pause();
          LockSupport.parkNanos(FAULT.toNanos());
          server.resume();
        }
        default -> {
          networks.get(which).cut(true);
          LockSupport.parkNanos(FAULT.toNanos());
          networks.get(which).cut(false);
        }
      }
    }
    return faults;
  }

  private void ask(int number) {
    List<ServerAddress> addresses = new ArrayList<>();
    for (int i = 0; i < SERVERS; i++) {
      addresses.add(ServerAddress.udp(Settings.HOST, networks.get((number + i) % SERVERS).port()));
    }
    try (IdClient client = new IdClient(ClientSettings.of(addresses))) {
      long due = System.nanoTime() + number * EACH_NANOS / CLIENTS;
      for (int turn = number; !ended; turn++) {
        LockSupport.parkNanos(due - System.nanoTime());
        due += EACH_NANOS;
        get(client, NAMESPACES.get(turn % NAMESPACES.size()));
      }
      ClientMetrics metrics = client.metrics();
      failOvers.addAndGet(metrics.failOvers());
    }
  }

  private void get(IdClient client, Namespace namespace) {
    long sentMs = System.currentTimeMillis();
    long began = System.nanoTime();
    try {
      String id = client.get(namespace.rule(), namespace.app());
      latencies.add(System.nanoTime() - began);
      checker.add(new Checker.Issued(namespace, 0, 0, sentMs, System.currentTimeMillis(), id));
    } catch (RuntimeException e) {
      synchronized (failures) {
        failures.add(String.valueOf(e.getMessage()));
      }
    }
  }

  private void tell(int faults) throws IOException {
    String told =
        ("%d clients of %d servers, %.1f minutes, seed %d: %d faults, %d requests failed, %d tries at"
                + " another server; answers %s, 99.9 %% below %.1f; %s%n")
            .formatted(
                CLIENTS,
                SERVERS,
                MINUTES,
                SEED,
                faults,
                failures.size(),
                failOvers.get(),
                latencies,
                latencies.percentile(0.999).toNanos() / 1e6,
                checker.summary());
    System.out.print(told);
    Files.writeString(Path.of("target", "faults-clients.md"), told);
  }
}
