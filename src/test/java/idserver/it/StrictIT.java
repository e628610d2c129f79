package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.testing.MariaDb;
import idserver.testing.Sequence;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Numbers in one order over two servers of one database, one of which dies. */
class StrictIT {
  private static final int CLIENTS = 6;
  private static final String RULE =
      """
      function min_counter() return 1 end
      function max_counter() return 999999 end
      function reset_period() return "day" end
      function create_id(counter, now, salt)
        return string.format(
            "%04d%02d%02d-%d", now:year(), now:month(), now:day(), counter:generate_counter())
      end
      """;

  private static MariaDb database;
  private static Server one;
  private static Server two;

  private final Sequence sequence = new Sequence();
  private final AtomicBoolean ended = new AtomicBoolean();

  @BeforeAll
  static void start() throws Exception {
    database = MariaDb.fresh("StrictIT-database");
    Installation installation = Installation.fresh("StrictIT").rule("ticket.lua", RULE);
    one = installation.server(1, settings(0));
    two = installation.server(2, settings(1));
    one.start();
    two.start();
  }

  private static Settings settings(int offset) throws IOException {
    JsonObject admin =
        Json.createObjectBuilder().add("user", "ops").add("password", "correct horse").build();
    return Settings.of("data/" + offset)
        .on(database)
        .nodes(2, offset)
        .with("admin", admin)
        .rule("ticket", "ticket.lua", 100)
        .allocated("strict");
  }

  @AfterAll
  static void end() {
    one.close();
    two.close();
    database.close();
  }

  private static Sequence.Answer answer(long asked, long answered, List<String> ids) {
    List<String> first = List.of(ids.get(0).split("-"));
    List<String> last = List.of(ids.get(ids.size() - 1).split("-"));
    assertThat(last.get(0)).isEqualTo(first.get(0));
    return new Sequence.Answer(
        asked,
        answered,
        Long.parseLong(first.get(0)),
        Long.parseLong(first.get(1)),
        Long.parseLong(last.get(1)));
  }

  /** Asks both in turn until the test ends: every other client over UDP, the others over HTTP. */
  private int ask(int client) {
    int refused = 0;
    for (int i = client; !ended.get(); i++) {
      Server server = i / 2 % 2 == 0 ? one : two;
      long asked = System.nanoTime();
      try {
        Optional<Answer> told = client % 2 == 0 ? overUdp(server) : overHttp(server, 1 + i % 3);
        long answered = System.nanoTime();
        if (told.isPresent()) {
          sequence.add(answer(asked, answered, ids(told.get())));
        } else {
          refused++;
        }
      } catch (IOException e) {
        // the one that was killed, or its answer
        refused++;
      }
    }
    return refused;
  }

  private static Optional<Answer> overUdp(Server server) throws IOException {
    try (UdpClient client = server.udp()) {
      return granted(client.get("ticket", "order"));
    }
  }

  private static Optional<Answer> overHttp(Server server, int count) throws IOException {
    Rest.Reply reply = server.rest().post("/ids/ticket/order?count=" + count);
    if (reply.status() == 200) {
      return granted(reply.answer());
    }
    // one that starts has nothing at that path for a moment, or no answer at all
    assertThat(reply.body()).doesNotContain("RULE_ERROR", "EXHAUSTED", "BAD_FIELD");
    return Optional.empty();
  }

  private static Optional<Answer> granted(Answer answer) {
    if (answer.granted()) {
      return Optional.of(answer);
    }
    assertThat(answer.error()).isIn("STORAGE_UNAVAILABLE", "NOT_READY");
    return Optional.empty();
  }

  private static List<String> ids(Answer answer) {
    return answer.text().contains("[") ? answer.ids() : List.of(answer.id());
  }

  private void awaitAnswers(int more) {
    int before = sequence.size();
    await().atMost(Duration.ofMinutes(2)).until(() -> sequence.size() >= before + more);
  }

  @Test
  void whoAsksAfterAnAnswerHasAHigherNumberAndOneOfTheServersDies() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        clients.add(threads.submit(() -> ask(client)));
      }
      awaitAnswers(400);
      one.kill();
      awaitAnswers(200);
      one.start();
      awaitAnswers(400);
      ended.set(true);
      int refused = 0;
      for (Future<Integer> client : clients) {
        refused += client.get(1, TimeUnit.MINUTES);
      }
      assertThat(refused).isPositive();
    } finally {
      ended.set(true);
      threads.shutdownNow();
    }

    assertThat(sequence.violations()).isEmpty();
    assertThat(sequence.duplicates()).isEmpty();
  }

  @Test
  void aCounterIsMonitoredAndRaisedOnWhicheverServer() throws Exception {
    assertThat(one.rest().post("/ids/ticket/raised").answer().id()).endsWith("-1");
    assertThat(two.rest().post("/ids/ticket/raised").answer().id()).endsWith("-2");
    assertThat(one.rest().get("/counters/ticket/raised").body()).contains("\"counter\":2");

    assertThat(raise(two, 500)).contains("\"raised\":true");
    assertThat(one.rest().post("/ids/ticket/raised").answer().id()).endsWith("-501");
    assertThat(raise(one, 20)).contains("\"raised\":false");
    assertThat(one.rest().as("ops", "correct horse").get("/admin/rules").body())
        .contains("\"allocation\":\"strict\"");
  }

  private static String raise(Server server, int to) throws IOException {
    return server
        .rest()
        .as("ops", "correct horse")
        .send(
            "POST",
            "/admin/counters/raise",
            "{\"rule\":\"ticket\",\"app\":\"raised\",\"to\":\"" + to + "\"}",
            "application/json")
        .body();
  }

  @Test
  void aRepetitionIsAnsweredTheSame() throws Exception {
    String id = one.rest().post("/ids/ticket/again?request_id=a").answer().id();
    assertThat(one.rest().post("/ids/ticket/again?request_id=a").answer().id()).isEqualTo(id);
  }

  @Test
  void anotherAllocationIsNotReloaded() throws Exception {
    Settings before = two.settings();
    two.configure(before.allocated("shared"));
    assertThat(two.control("reload").text()).contains("rule ticket: allocation", "are strict");
    two.configure(before);
    assertThat(two.control("reload").exitCode()).isZero();
  }
}
