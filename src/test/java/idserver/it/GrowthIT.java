package idserver.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.testing.MariaDb;
import idserver.testing.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Two servers become three while clients ask them, in both allocations. */
class GrowthIT {
  private static final int CLIENTS = 6;
  private static final int COUNT = 20;
  private static final long EACH_NANOS = 10_000_000;

  private final Map<String, String> issued = new ConcurrentHashMap<>();
  private final List<String> refused = new ArrayList<>();
  private final AtomicLong requests = new AtomicLong();
  private final AtomicInteger servers = new AtomicInteger(2);
  private volatile boolean over;

  private static Settings settings(MariaDb database, int step, int offset) throws IOException {
    return Settings.of("data/" + offset)
        .on(database)
        .rule("shared", "dated.lua", 100)
        .allocated("shared")
        .rule("own", "dated.lua", 100)
        .timeRule("event", "classic", "2020-01-01")
        .nodes(step, offset);
  }

  @Test
  void twoServersBecomeThreeAndNoRequestIsRefusedAndNoNumberComesTwice() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try (MariaDb database = MariaDb.fresh("GrowthIT-database")) {
      Installation installation =
          Installation.fresh("GrowthIT").rule("dated.lua", Installation.resource("dated.lua"));
      try (Server first = installation.server(1, settings(database, 2, 0));
          Server second = installation.server(2, settings(database, 2, 1));
          Server third = installation.server(3, settings(database, 3, 2))) {
        first.start();
        second.start();
        List<Server> all = List.of(first, second, third);
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
          int number = i;
          clients.add(CompletableFuture.runAsync(() -> ask(all, number), threads));
        }
        awaitRequests(500);

        Outcome grown = third.control("grow");
        assertThat(grown.text()).contains("have id_step 3 now, and had 2");
        assertThat(grown.exitCode()).isZero();
        third.start();
        servers.set(3);
        awaitRequests(1_000);

        // each knows of it, whether or not it has used a new counter since
        for (Server server : all) {
          await().until(() -> server.rest().get("/status").body().contains("\"id_step\":3"));
        }
        over = true;
        clients.forEach(CompletableFuture::join);
        assertThat(refused).isEmpty();
        System.out.printf("%d requests, %d ids%n", requests.get(), issued.size());

        assertThat(third.control("grow").text()).contains("already");
        staysGrown(first);
        second.stop();
        third.stop();
      }
    } finally {
      over = true;
      threads.shutdown();
    }
  }

  /** Who is started as before is told, and as configured now it goes on. */
  private void staysGrown(Server server) throws Exception {
    server.configure(server.settings().nodes(3, 0));
    Outcome reloaded = server.control("reload");
    assertThat(reloaded.exitCode()).as(reloaded.text()).isZero();
    server.stop();
    server.configure(server.settings().nodes(2, 0));
    assertThat(server.control("start").err())
        .contains("id_step: the numbers in the database were issued with 3", "grow id_server")
        .doesNotContain("Exception");
    server.configure(server.settings().nodes(3, 0));
    server.start();
    try (UdpClient client = server.udp()) {
      for (String rule : List.of("own", "shared")) {
        take(rule, client.id(rule, "orders"));
      }
    }
    server.stop();
  }

  private void awaitRequests(int more) {
    long from = requests.get();
    await().until(() -> requests.get() > from + more || !refused().isEmpty());
  }

  private List<String> refused() {
    synchronized (refused) {
      return List.copyOf(refused);
    }
  }

  /** Asks over HTTP, which waits for a block: whoever refuses has no number. */
  private void ask(List<Server> all, int number) {
    Map<Integer, Rest> rests = new HashMap<>();
    all.forEach(server -> rests.put(server.settings().httpPort(), server.rest()));
    try {
      long due = System.nanoTime();
      for (int turn = number; !over; turn++) {
        Server server = all.get(turn % servers.get());
        String rule = turn / 3 % 2 == 0 ? "own" : "shared";
        // and now and then one that has not been used before
        String app = turn % 10 == 0 ? "orders " + turn : "orders";
        String path = "/ids/" + rule + "/" + app.replace(" ", "%20") + "?count=" + COUNT;
        Rest.Reply answer = requireNonNull(rests.get(server.settings().httpPort())).post(path);
        if (answer.status() == 200) {
          answer.answer().ids().forEach(id -> take(rule + " " + app, id));
        } else {
          synchronized (refused) {
            refused.add(path + ": " + answer.status() + " " + answer.body());
          }
        }
        requests.incrementAndGet();
        due += EACH_NANOS;
        LockSupport.parkNanos(due - System.nanoTime());
      }
    } catch (IOException e) {
      synchronized (refused) {
        refused.add(e.toString());
      }
    }
  }

  private void take(String namespace, String id) {
    String before = issued.put(namespace + " " + id, namespace);
    if (before != null) {
      throw new AssertionError("twice: " + namespace + " " + id);
    }
  }
}
