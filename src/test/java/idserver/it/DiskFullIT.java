package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import idserver.testing.MariaDb;
import idserver.testing.Mount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The disk of a server's data directory fills up under load and is freed again: every request is
 * answered, at last with a refusal that names the storage, and service returns without a restart.
 * Root alone can do it.
 */
class DiskFullIT {
  private static final String REFUSAL = "STORAGE_UNAVAILABLE";
  private static final int REFUSED_REQUESTS = 100;
  private static final int NEW_COUNTERS = 60;
  private static final int REFUSALS = 20;
  private static final int ROUNDS = 2;
  private static final int DISK_MB = 32;

  private final Checker checker = Checker.ofOneServer();

  @BeforeAll
  static void onlyWhereFileSystemsCanBeMounted() {
    assumeTrue(Mount.isPossible(), "mounting a small disk needs root");
  }

  @Test
  void ridesOutAFullDiskBelowTheEmbeddedDatabase() throws Exception {
    Settings settings = Settings.of("data/1").rule("dated", "dated.lua", 100);
    ridesOut("DiskFullIT-h2", settings, server -> Reservation.embedded(server.data()));
  }

  @Test
  void ridesOutAFullDiskBelowTheHighWaterFile() throws Exception {
    try (MariaDb database = MariaDb.fresh("DiskFullIT-mariadb-database")) {
      Settings settings = Settings.of("data/1").on(database).rule("dated", "dated.lua", 100);
      ridesOut("DiskFullIT-mariadb", settings, server -> rows(database));
    }
  }

  private interface Table {
    List<Reservation> rows(Server server) throws IOException, SQLException;
  }

  private static List<Reservation> rows(MariaDb database) throws SQLException {
    try (Connection connection = database.connect()) {
      return Reservation.all(connection);
    }
  }

  private void ridesOut(String name, Settings settings, Table table) throws Exception {
    Installation installation =
        Installation.fresh(name).rule("dated.lua", Installation.resource("dated.lua"));
    try (Mount disk = Mount.tmpfs(installation.root().resolve(settings.dataDir()), DISK_MB);
        Server server = installation.server(1, settings)) {
      server.start();
      ProcessHandle before = server.process().orElseThrow();
      List<Namespace> namespaces =
          List.of(new Namespace("dated", "a"), new Namespace("dated", "b"));
      try (Load load = Load.on(settings.udpPort(), namespaces, checker, 2, 2)) {
        for (int round = 1; round <= ROUNDS; round++) {
          ridesOut(name + ", round " + round, server, load, disk);
        }
        load.end();
        assertThat(load.unanswered()).as("requests without an answer").isZero();
        assertThat(load.errors()).containsExactly(REFUSAL);
      }
      assertThat(server.process()).hasValue(before);
      server.stop();
      checker.assertReserved(table.rows(server));
      goesOnAfterARestart(server);
      System.out.printf("%s: %s%n", name, checker.assertSound());
    }
  }

  private void ridesOut(String name, Server server, Load load, Mount disk) throws IOException {
    awaitMore(load);
    Path filler = disk.folder().resolve("filler");
    fill(filler);
    useUp(server, name);
    long inHand = load.issued();
    int refusals = load.refusals(REFUSAL).count();
    await()
        .atMost(Duration.ofMinutes(1))
        .failFast("the load", load::assertAlive)
        .until(() -> load.refusals(REFUSAL).count() > refusals);
    inHand = load.issued() - inHand;
    Latencies refused = refuse(server, name);

    Files.delete(filler);
    long freed = System.nanoTime();
    awaitMore(load);
    System.out.printf(
        "%s: %d ids from blocks in hand; refused, one outstanding: %s; first ids %d ms after there"
            + " was space%n",
        name, inHand, refused, (System.nanoTime() - freed) / 1_000_000);
  }

  private static void awaitMore(Load load) {
    long before = load.issued();
    await()
        .atMost(Duration.ofMinutes(1))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .failFast("the load", load::assertAlive)
        .until(() -> load.issued() > before + 100);
  }

  /** Writes until nothing more goes on the disk. */
  private static void fill(Path filler) throws IOException {
    try (FileChannel file =
        FileChannel.open(filler, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocate(1 << 16);
      while (true) {
        file.write(zeros.clear());
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  /**
   * The last page of a file takes some reservations yet: has new counters made until one is not.
   */
  private void useUp(Server server, String name) throws IOException {
    try (UdpClient client = server.udp()) {
      for (int i = 0; i < NEW_COUNTERS; i++) {
        String app = "%s, %d %s".formatted(name, i, "x".repeat(150));
        if (isRefused(client, app)) {
          return;
        }
      }
    }
    throw new AssertionError(NEW_COUNTERS + " counters more fit on a full disk");
  }

  /** Again and again: one refusal may come of a machine that is slow. */
  private boolean isRefused(UdpClient client, String app) throws IOException {
    for (int i = 0; i < REFUSALS; i++) {
      Answer answer = take(client, app, 0);
      if (answer.granted()) {
        return false;
      }
      assertThat(answer.error()).as(answer.text()).isEqualTo(REFUSAL);
    }
    return true;
  }

  private Answer take(UdpClient client, String app, int generation) throws IOException {
    long sentMs = System.currentTimeMillis();
    Answer answer = client.get("dated", app);
    if (answer.granted()) {
      long nowMs = System.currentTimeMillis();
      checker.add(
          new Checker.Issued(
              new Namespace("dated", app), 0, generation, sentMs, nowMs, answer.id()));
    }
    return answer;
  }

  /** Asks for ids of a counter that has no block: each request is answered, with a refusal. */
  private static Latencies refuse(Server server, String app) throws IOException {
    Latencies latencies = new Latencies();
    try (UdpClient client = server.udp()) {
      for (int i = 0; i < REFUSED_REQUESTS; i++) {
        long sent = System.nanoTime();
        Answer answer = client.get("dated", app);
        latencies.add(System.nanoTime() - sent);
        assertThat(answer.error()).as(answer.text()).isEqualTo(REFUSAL);
      }
    }
    return latencies;
  }

  private void goesOnAfterARestart(Server server) throws IOException {
    server.start();
    try (UdpClient client = server.udp()) {
      for (String app : List.of("a", "b")) {
        // the first may be refused where the machine is slow
        await().atMost(Duration.ofMinutes(1)).until(() -> take(client, app, 1).granted());
      }
    }
    server.stop();
  }
}
