package idserver.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A stop and a reload under load. Who is told NOT_READY goes to another server; who is told nothing
 * would wait, and with him those behind him.
 */
class CleanStopIT {
  private static final int CLIENTS = 4;
  private static final int GROWN = 20_000;
  private static final String REFUSAL = "STORAGE_UNAVAILABLE";
  private static final Namespace NAMESPACE = new Namespace("dated", "orders");

  private final Checker checker = Checker.ofOneServer();

  private static Server installed(String name) throws IOException {
    return Installation.fresh(name)
        .rule("dated.lua", Installation.resource("dated.lua"))
        .server(1, Settings.of("data/1").rule("dated", "dated.lua", 100));
  }

  @Test
  void untilTheLastMomentEveryDatagramIsAnsweredAndNothingReservedIsLost() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try (Server server = installed("CleanStopIT-stop")) {
      server.start();
      CountDownLatch underWay = new CountDownLatch(CLIENTS);
      List<CompletableFuture<String>> clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(
                  i -> CompletableFuture.supplyAsync(() -> untilRefused(server, underWay), threads))
              .toList();
      underWay.await();

      server.stop();

      assertThat(clients.stream().map(CompletableFuture::join)).containsOnly("NOT_READY");
      System.out.println(checker.assertSound());
      List<Reservation> rows = Reservation.embedded(server.data());
      checker.assertReserved(rows);
      assertThat(reserved(rows)).as("nothing was left reserved").isEqualTo(checker.size() - 1);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void overHttpEachRequestIsAnsweredUntilConnectionsAreRefused() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try (Server server = installed("CleanStopIT-http")) {
      server.start();
      CountDownLatch underWay = new CountDownLatch(CLIENTS);
      List<CompletableFuture<List<String>>> clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () -> postUntilNobodyListens(server, underWay), threads))
              .toList();
      underWay.await();

      server.stop();

      List<String> answers = clients.stream().flatMap(client -> client.join().stream()).toList();
      System.out.println(answers.stream().collect(groupingBy(CleanStopIT::status, counting())));
      assertThat(answers).allSatisfy(CleanStopIT::assertAnswer);
      System.out.println(checker.assertSound());
      checker.assertReserved(Reservation.embedded(server.data()));
    } finally {
      threads.shutdown();
    }
  }

  private static String status(String answer) {
    return answer.lines().findFirst().orElse("nothing");
  }

  /** No page of the container's, and nothing of the inside. */
  private static void assertAnswer(String answer) {
    if (status(answer).startsWith("HTTP/1.1 500")) {
      // the container's in its last moment, when it has no application any more
      assertThat(answer).endsWith("\r\n\r\n");
    } else if (status(answer).startsWith("HTTP/1.1 503")) {
      assertThat(body(answer).error()).isIn("NOT_READY", "STORAGE_UNAVAILABLE");
    } else {
      assertThat(status(answer)).startsWith("HTTP/1.1 200");
    }
  }

  /**
   * All answers, each on a connection of its own; silence of ten seconds fails. When the port is
   * closed a request may still be in its queue, and is then sent back, once.
   */
  private List<String> postUntilNobodyListens(Server server, CountDownLatch underWay) {
    List<String> answers = new ArrayList<>();
    int sentBack = 0;
    while (sentBack < 2) {
      long sentMs = System.currentTimeMillis();
      String answer;
      try {
        answer = post(server.settings().httpPort());
      } catch (ConnectException e) {
        return answers;
      } catch (SocketException e) {
        answer = "";
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (answer.isEmpty()) {
        sentBack++;
        continue;
      }
      answers.add(answer);
      if (status(answer).startsWith("HTTP/1.1 200")) {
        long nowMs = System.currentTimeMillis();
        checker.add(new Checker.Issued(NAMESPACE, 0, 0, sentMs, nowMs, body(answer).id()));
      }
      if (answers.size() == 50) {
        underWay.countDown();
      }
    }
    throw new AssertionError("no answer, twice, and still somebody listens");
  }

  private static Answer body(String answer) {
    return Answer.of(answer.substring(answer.indexOf("\r\n\r\n") + 4));
  }

  private static String post(int port) throws IOException {
    String request =
        "POST /ids/%s/%s HTTP/1.1\r\nHost: test\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            .formatted(NAMESPACE.rule(), NAMESPACE.app());
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), US_ASCII);
    }
  }

  private static long reserved(List<Reservation> rows) {
    return rows.stream()
        .filter(row -> row.namespace().equals(NAMESPACE))
        .mapToLong(Reservation::reserved)
        .findFirst()
        .orElseThrow();
  }

  /** Asks until it is refused, and tells how; silence fails. */
  private String untilRefused(Server server, CountDownLatch underWay) {
    try (UdpClient client = server.udp()) {
      for (int i = 0; ; i++) {
        long sentMs = System.currentTimeMillis();
        Answer answer = client.get(NAMESPACE.rule(), NAMESPACE.app());
        if (answer.granted()) {
          long nowMs = System.currentTimeMillis();
          checker.add(new Checker.Issued(NAMESPACE, 0, 0, sentMs, nowMs, answer.id()));
        } else if (!answer.error().equals("STORAGE_UNAVAILABLE")) {
          return answer.error();
        }
        if (i == 500) {
          underWay.countDown();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noRequestFailsBecauseOfReloadsUnderLoad() throws Exception {
    try (Server server = installed("CleanStopIT-reload")) {
      server.start();
      try (UdpClient first = server.udp()) {
        first.id(NAMESPACE.rule(), NAMESPACE.app());
      }
      try (Load load = Load.on(server.settings().udpPort(), List.of(NAMESPACE), checker, 2, 2)) {
        // a block is what the counter uses in two seconds by then, and no slow disk is felt
        await().failFast("the load", load::assertAlive).until(() -> load.issued() > GROWN);
        int refusedBefore = load.refusals(REFUSAL).count();
        long issuedBefore = load.issued();
        for (int i = 0; i < 5; i++) {
          assertThat(server.control("reload").exitCode()).isZero();
        }
        load.end();
        int refusedAfter = load.refusals(REFUSAL).count() - refusedBefore;
        System.out.printf(
            "refused while blocks grew: %d; through the reloads: %d%n",
            refusedBefore, refusedAfter);
        assertThat(load.issued()).isGreaterThan(issuedBefore);
        assertThat(load.unanswered()).isZero();
        assertThat(refusedAfter).isZero();
        assertThat(load.errors()).containsOnly(REFUSAL);
      }
      System.out.println(checker.assertSound());
    }
  }
}
