package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoadTest {
  private static final List<Namespace> NAMESPACES = List.of(new Namespace("dated", "a"));

  private final Checker checker = Checker.ofOneServer();
  private final AtomicLong counter = new AtomicLong();

  @Test
  void bringsEveryIdToTheChecker() throws Exception {
    try (FakeServer server = new FakeServer(request -> List.of(granted(request)));
        Load load = Load.on(server.port(), NAMESPACES, checker, 2, 4)) {
      await().until(() -> load.issued() >= 1000);
      load.end();

      assertThat(checker.size()).isEqualTo((int) counter.get());
      assertThat(checker.assertSound()).contains("of 1 counters");
      assertThat(load.unanswered()).isZero();
    }
  }

  @Test
  void countsAnIdThatComesAfterItsRequestWasGivenUp() throws Exception {
    Queue<String> held = new ConcurrentLinkedQueue<>();
    AtomicBoolean holding = new AtomicBoolean(true);
    try (FakeServer server = new FakeServer(request -> answers(request, held, holding.get()));
        Load load = Load.on(server.port(), NAMESPACES, checker, 1, 2)) {
      await().until(() -> load.unanswered() >= 2);
      holding.set(false);
      await().until(() -> held.isEmpty() && load.issued() >= 10);
      load.end();

      assertThat(checker.size()).isEqualTo((int) load.issued());
      assertThat(load.unanswered()).isZero();
      checker.assertSound();
    }
  }

  @Test
  void keepsTheTimesOfRefusalsByTheirName() throws Exception {
    try (FakeServer server = new FakeServer(request -> List.of(refused(request)));
        Load load = Load.on(server.port(), NAMESPACES, checker, 1, 1)) {
      await().until(() -> load.errors().contains("NOT_READY"));
      load.end();

      assertThat(load.issued()).isZero();
      assertThat(load.refusals("NOT_READY").count()).isPositive();
    }
  }

  private List<String> answers(String request, Queue<String> held, boolean holding) {
    held.add(request);
    if (holding) {
      return List.of();
    }
    List<String> answers = held.stream().map(this::granted).toList();
    held.clear();
    return answers;
  }

  private String granted(String request) {
    String today = LocalDate.now(ZoneId.systemDefault()).format(DateTimeFormatter.BASIC_ISO_DATE);
    return "{\"code\":0,\"data\":\"%s-%012d\",\"seq\":%s}"
        .formatted(today, counter.getAndIncrement(), Answer.of(request).seq());
  }

  private static String refused(String request) {
    return "{\"code\":503,\"error\":\"NOT_READY\",\"message\":\"starting\",\"seq\":%s}"
        .formatted(Answer.of(request).seq());
  }
}
