package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.MariaDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Three equal servers on one database, clients that go on to the next server, and faults at random:
 * a server is killed or paused, or the database. Every request has its ids within the client's
 * deadline, and no id comes twice. How long: {@code faults.minutes}.
 */
class ThreeServersIT {
  private static final double MINUTES =
      Double.parseDouble(System.getProperty("faults.minutes", "0.3"));
  private static final long SEED = Long.getLong("faults.seed", System.nanoTime());
  private static final int SERVERS = 3;
  private static final int CLIENTS = 8;

  /** Ids in a request, and requests a second of a client: 20 000 ids a second. */
  private static final int COUNT = 20;

  private static final long EACH_NANOS = 1_000_000_000L * CLIENTS * COUNT / 20_000;

  private enum Fault {
    SERVER_KILLED,
    SERVER_PAUSED,
    DATABASE_KILLED,
    DATABASE_PAUSED
  }

  private final Random random = new Random(SEED);
  private Checker checker = Checker.ofOneServer();
  private final AtomicLong slowestNanos = new AtomicLong();
  private final AtomicLong requests = new AtomicLong();
  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private volatile boolean shared;
  private volatile boolean ended;

  @Test
  void everyRequestHasItsIdsAndNoneComesTwice() throws Exception {
    checker = new Checker(0, 999_999_999_999L, SERVERS, ZoneId.systemDefault());
    run("interleaved");
  }

  @Test
  void norDoesOneThatAllServersTakeFromOneRow() throws Exception {
    shared = true;
    run("shared");
  }

  private void run(String allocation) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    List<CoreProcess> servers = new ArrayList<>();
    try (MariaDb database = MariaDb.fresh("ThreeServersIT-database-" + allocation)) {
      Installation installation = FaultSuite.installation("ThreeServersIT-" + allocation);
      for (int i = 0; i < SERVERS; i++) {
        Settings settings =
            FaultSuite.settings("data/" + i).nodes(SERVERS, i).on(database).allocated(allocation);
        servers.add(CoreProcess.of(installation, i, settings));
        servers.get(i).begin();
      }
      List<Integer> ports = servers.stream().map(each -> each.settings().udpPort()).toList();
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int first = i;
        clients.add(CompletableFuture.runAsync(() -> ask(ports, first), threads));
      }
      long end = System.nanoTime() + (long) (MINUTES * 60e9);
      while (System.nanoTime() - end < 0) {
        LockSupport.parkNanos(Duration.ofMillis(1000 + random.nextInt(3000)).toNanos());
        assertThat(clients).noneMatch(CompletableFuture::isDone);
        happen(servers, database);
      }
      ended = true;
      clients.forEach(CompletableFuture::join);
      tell(allocation);
      assertThat(checker.faults()).isEmpty();
      try (Connection connection = database.connect()) {
        checker.assertReserved(Reservation.all(connection).stream().map(this::asChecked).toList());
      }
    } finally {
      ended = true;
      servers.forEach(CoreProcess::close);
      threads.shutdown();
    }
  }

  private void happen(List<CoreProcess> servers, MariaDb database) throws IOException {
    Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
    faults.merge(fault, 1, Integer::sum);
    CoreProcess server = servers.get(random.nextInt(SERVERS));
    switch (fault) {
      case SERVER_KILLED -> {
        server.kill();
        rest();
        server.begin();
      }
      case SERVER_PAUSED -> {
        server.pause();
        rest();
        server.resume();
      }
      case DATABASE_KILLED -> {
        database.kill();
        rest();
        database.start();
      }
      case DATABASE_PAUSED -> {
        database.pause();
        rest();
        database.resume();
      }
    }
  }

  private void rest() {
    LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1500)).toNanos());
  }

  private void ask(List<Integer> ports, int first) {
    List<Namespace> namespaces =
        List.of(
            new Namespace("one", "a"), new Namespace("ten", "b"), new Namespace("hundred", "c"));
    try (FailingOver client = new FailingOver(ports, first, this::take)) {
      long due = System.nanoTime();
      for (int turn = first; !ended; turn++) {
        Namespace namespace = namespaces.get(turn % namespaces.size());
        long began = System.nanoTime();
        client.get(namespace, COUNT);
        slowestNanos.accumulateAndGet(System.nanoTime() - began, Math::max);
        requests.incrementAndGet();
        due += EACH_NANOS;
        LockSupport.parkNanos(due - System.nanoTime());
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void take(Namespace namespace, int server, long sentMs, String id) {
    int owner = shared ? 0 : server;
    checker.add(new Checker.Issued(namespace, owner, 0, sentMs, System.currentTimeMillis(), id));
  }

  /** To the checker a shared row is that of the first of one server. */
  private Reservation asChecked(Reservation row) {
    assertThat(row.offset() < 0).as("shared: " + row).isEqualTo(shared);
    return shared ? new Reservation(row.namespace(), 0, row.reserved()) : row;
  }

  private void tell(String allocation) throws IOException {
    String told =
        "three servers, %s, %.1f minutes, seed %d: %d requests, %.0f ids a second, slowest %d ms; %s; %s%n"
            .formatted(
                allocation,
                MINUTES,
                SEED,
                requests.get(),
                checker.size() / (MINUTES * 60),
                slowestNanos.get() / 1_000_000,
                faults,
                checker.summary());
    System.out.print(told);
    Files.writeString(Path.of("target", "faults-three-" + allocation + ".md"), told);
  }
}
