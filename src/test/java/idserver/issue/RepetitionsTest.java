package idserver.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.CounterKey;
import idserver.rule.Ids;
import java.net.InetAddress;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RepetitionsTest {
  private static final CounterKey KEY = new CounterKey("o2o", "test");
  private static final long PATIENCE_NANOS = 1;

  private final AtomicLong nanos = new AtomicLong(-5);
  private final FakeDesk desk = new FakeDesk();
  private final Repetitions repetitions = repetitions(10, 100, 1);

  private Repetitions repetitions(int seconds, int most, int megabytes) {
    return new Repetitions(new RepetitionSettings(seconds, most, megabytes), nanos::get);
  }

  /** Issues 1, 2, 3 and so on, at once or when the test says. */
  private static final class FakeDesk implements Desk {
    final AtomicInteger drawn = new AtomicInteger();
    final Deque<Receiver> parked = new ArrayDeque<>();
    boolean parks;
    int idLength = 1;

    @Override
    public boolean issue(
        CounterKey key, String salt, int count, long patienceNanos, Receiver receiver) {
      if (parks) {
        parked.add(receiver);
        return false;
      }
      List<String> ids = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ids.add("x".repeat(idLength - 1) + drawn.incrementAndGet());
      }
      receiver.issued(Ids.of(ids));
      return true;
    }

    @Override
    public boolean issue(
        String requestId,
        CounterKey key,
        String salt,
        int count,
        long patienceNanos,
        Receiver receiver) {
      throw new AssertionError("the desk is not asked for repetitions");
    }

    @Override
    public boolean issue(DatedRequest dated, Receiver receiver) {
      assertThat(dated.requestId()).isEmpty();
      IdRequest request = dated.request();
      return issue(
          request.key(), request.salt(), request.count(), request.patienceNanos(), receiver);
    }
  }

  private Answer ask(String requestId) {
    return ask(repetitions, requestId, KEY, "", 1);
  }

  private Answer ask(Repetitions asked, String requestId, CounterKey key, String salt, int count) {
    Answer answer = new Answer();
    boolean told = asked.issue(desk, requestId, key, salt, count, PATIENCE_NANOS, answer);
    assertThat(answer.times()).isEqualTo(told ? 1 : 0);
    return answer;
  }

  @Test
  void answersARepetitionWithTheSameIds() {
    assertThat(ask(repetitions, "a", KEY, "s", 3).ids()).containsExactly("1", "2", "3");
    assertThat(ask("b").ids()).containsExactly("4");
    assertThat(ask(repetitions, "a", KEY, "s", 3).ids()).containsExactly("1", "2", "3");
    assertThat(ask(repetitions, "a", KEY, "s", 3).ids()).containsExactly("1", "2", "3");
    assertThat(desk.drawn).hasValue(4);
    assertThat(repetitions.answered()).isEqualTo(2);
    assertThat(repetitions.held()).isEqualTo(2);
  }

  @Test
  void refusesTheSameRequestIdForAnythingElse() {
    assertThat(ask("a").ids()).containsExactly("1");
    List<Answer> others =
        List.of(
            ask(repetitions, "a", new CounterKey("other", "test"), "", 1),
            ask(repetitions, "a", new CounterKey("o2o", "Test"), "", 1),
            ask(repetitions, "a", KEY, "s", 1),
            ask(repetitions, "a", KEY, "", 2));
    assertThat(others)
        .allSatisfy(
            other -> assertThat(other.kinds()).containsExactly(RefusalKind.REQUEST_ID_REUSED));
    assertThat(ask("a").ids()).containsExactly("1");
    assertThat(desk.drawn).hasValue(1);
  }

  @Test
  void answersAllWhoAskWhileTheFirstWaits() {
    desk.parks = true;
    List<Answer> answers = List.of(ask("a"), ask("a"), ask("a"));
    assertThat(desk.parked).as("one draw").hasSize(1);

    desk.parked.remove().issued(Ids.of(List.of("7")));

    assertThat(answers).allSatisfy(answer -> assertThat(answer.ids()).containsExactly("7"));
    assertThat(answers).allSatisfy(answer -> assertThat(answer.times()).isEqualTo(1));
    assertThat(repetitions.answered()).isEqualTo(2);
    assertThat(ask("a").ids()).containsExactly("7");
  }

  @Test
  void refusesAnotherRequestOfThatNameAlsoWhileTheFirstWaits() {
    desk.parks = true;
    ask("a");
    assertThat(ask(repetitions, "a", KEY, "", 2).kinds())
        .containsExactly(RefusalKind.REQUEST_ID_REUSED);
  }

  @Test
  void tellsTheDeskWhereTheRequestComesFrom() {
    desk.parks = true;
    InetAddress here = InetAddress.getLoopbackAddress();
    repetitions.issue(desk, "a", KEY, "", 1, PATIENCE_NANOS, new Answer(here));
    assertThat(desk.parked.remove().source()).isEqualTo(here);
  }

  @Test
  void letsOnlySoManyWaitWithTheFirst() {
    desk.parks = true;
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(ask("a"));
    }
    desk.parked.remove().issued(Ids.of(List.of("7")));
    assertThat(answers.stream().filter(answer -> !answer.ids().isEmpty())).hasSize(9);
    assertThat(answers.stream().flatMap(answer -> answer.kinds().stream()))
        .hasSize(11)
        .containsOnly(RefusalKind.TOO_MANY);
  }

  @Test
  void triesAnewWhatWasRefused() {
    desk.parks = true;
    Answer first = ask("a");
    Answer other = ask("a");
    desk.parked.remove().refused(Issuance.LATE);
    assertThat(first.kinds()).containsExactly(RefusalKind.STORAGE_UNAVAILABLE);
    assertThat(other.kinds()).containsExactly(RefusalKind.STORAGE_UNAVAILABLE);
    assertThat(repetitions.held()).isZero();
    assertThat(repetitions.bytes()).isZero();

    desk.parks = false;
    assertThat(ask("a").ids()).containsExactly("1");
  }

  @Test
  void forgetsARequestThatIsOlderThanTheTimeSet() {
    ask("a");
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(10) - 1);
    assertThat(ask("a").ids()).containsExactly("1");
    nanos.addAndGet(1);
    assertThat(ask("a").ids()).containsExactly("2");
    assertThat(ask("a").ids()).containsExactly("2");
    assertThat(repetitions.held()).isEqualTo(1);
  }

  @Test
  void dropsTheOldOnesWhileNewOnesCome() {
    for (int i = 0; i < 90; i++) {
      ask("old " + i);
    }
    nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
    ask("a");
    ask("b");
    assertThat(repetitions.held()).isEqualTo(2);
  }

  @Test
  void holdsNoMoreThanTheNumberSetAndDropsTheOldestFirst() {
    for (int i = 1; i <= 101; i++) {
      ask("r" + i);
    }
    assertThat(repetitions.held()).isEqualTo(100);
    assertThat(ask("r2").ids()).containsExactly("2");
    assertThat(ask("r1").ids()).containsExactly("102");
  }

  @Test
  void takesNoMoreThanTheMemorySetAndDropsTheOldestFirst() {
    Repetitions small = repetitions(10, 1_000_000, 1);
    desk.idLength = 200;
    for (int i = 1; i <= 1_000; i++) {
      ask(small, "r" + i, KEY, "", 10);
      assertThat(small.bytes()).isLessThanOrEqualTo(1 << 20);
    }
    assertThat(small.held()).isBetween(300, 600);
    int drawn = desk.drawn.get();
    ask(small, "r1000", KEY, "", 10);
    assertThat(desk.drawn).as("the last is there").hasValue(drawn);
    ask(small, "r1", KEY, "", 10);
    assertThat(desk.drawn).as("the first is not").hasValue(drawn + 10);
  }

  @Test
  void doesNotKeepAnAnswerThatIsLargerThanAllTheMemory() {
    desk.idLength = 2_000;
    assertThat(ask(repetitions, "a", KEY, "", 1_000).ids()).hasSize(1_000);
    assertThat(repetitions.held()).isZero();
    assertThat(repetitions.bytes()).isZero();
  }

  @Test
  void answersWhoWaitsWithARequestThatWasForgottenMeanwhile() {
    Repetitions two = repetitions(10, 2, 1);
    desk.parks = true;
    Answer first = ask(two, "a", KEY, "", 1);
    Answer other = ask(two, "a", KEY, "", 1);
    ask(two, "b", KEY, "", 1);
    ask(two, "c", KEY, "", 1);
    desk.parked.remove().issued(Ids.of(List.of("7")));
    assertThat(first.ids()).containsExactly("7");
    assertThat(other.ids()).containsExactly("7");
    assertThat(two.held()).isEqualTo(2);
  }

  @Test
  void remembersNothingWhereTheNumberIsNone() {
    Repetitions none = repetitions(10, 0, 1);
    assertThat(ask(none, "a", KEY, "", 1).ids()).containsExactly("1");
    assertThat(ask(none, "a", KEY, "", 1).ids()).containsExactly("2");
    assertThat(none.held()).isZero();
  }

  @Test
  void keepsOneReceiversFailureFromTheOthers() {
    desk.parks = true;
    Answer last = new Answer();
    repetitions.issue(desk, "a", KEY, "", 1, PATIENCE_NANOS, new Failing());
    repetitions.issue(desk, "a", KEY, "", 1, PATIENCE_NANOS, last);
    desk.parked.remove().issued(Ids.of(List.of("7")));
    assertThat(last.ids()).containsExactly("7");
  }

  private static final class Failing implements Receiver {
    @Override
    public void issued(Ids ids) {
      throw new IllegalStateException("the test's own");
    }

    @Override
    public void refused(Refusal refusal) {
      throw new IllegalStateException("the test's own");
    }
  }

  @Test
  void forgetsARequestAtWhichTheDeskFailed() {
    Answer answer = new Answer();
    Desk failing = new FailingDesk();
    assertThatThrownBy(() -> repetitions.issue(failing, "a", KEY, "", 1, PATIENCE_NANOS, answer))
        .hasMessage("the test's own");
    assertThat(answer.times()).as("the caller tells it").isZero();
    assertThat(ask("a").ids()).containsExactly("1");
  }

  private static final class FailingDesk implements Desk {
    @Override
    public boolean issue(
        CounterKey key, String salt, int count, long patienceNanos, Receiver receiver) {
      throw new IllegalStateException("the test's own");
    }

    @Override
    public boolean issue(
        String requestId,
        CounterKey key,
        String salt,
        int count,
        long patienceNanos,
        Receiver receiver) {
      throw new IllegalStateException("the test's own");
    }

    @Override
    public boolean issue(DatedRequest dated, Receiver receiver) {
      throw new IllegalStateException("the test's own");
    }
  }

  @Test
  void theSameRequestOfAnotherBusinessDayIsRefused() {
    LocalDate day = LocalDate.of(2026, 11, 22);

    assertThat(ask("a", day).ids()).containsExactly("1");
    assertThat(ask("a", day).ids()).containsExactly("1");
    assertThat(ask("a", day.plusDays(1)).kinds()).containsExactly(RefusalKind.REQUEST_ID_REUSED);
    assertThat(ask("a").kinds()).containsExactly(RefusalKind.REQUEST_ID_REUSED);
  }

  private Answer ask(String requestId, LocalDate day) {
    Answer answer = new Answer();
    IdRequest request = new IdRequest(KEY, "", 1, PATIENCE_NANOS);
    repetitions.issue(desk, new DatedRequest(day, requestId, request), answer);
    return answer;
  }

  @Test
  void drawsOnceWhenManyThreadsAskForTheSameAtOnce() throws Exception {
    int threads = 8;
    int requests = 2_000;
    CyclicBarrier together = new CyclicBarrier(threads);
    ConcurrentHashMap<Integer, List<String>> ids = new ConcurrentHashMap<>();
    Repetitions shared = repetitions(10, 1_000_000, 64);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<?>> all = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      all.add(
          pool.submit(
              () -> {
                for (int i = 0; i < requests; i++) {
                  if (i % 10 == 0) {
                    together.await();
                  }
                  int request = i;
                  Answer answer = new Answer();
                  shared.issue(desk, "r" + i, KEY, "", 1, PATIENCE_NANOS, answer);
                  assertThat(answer.times()).isBetween(0, 1);
                  if (answer.times() == 1) {
                    assertThat(ids.computeIfAbsent(request, r -> answer.ids()))
                        .isEqualTo(answer.ids());
                  }
                }
                return null;
              }));
    }
    for (Future<?> one : all) {
      one.get(60, TimeUnit.SECONDS);
    }
    pool.shutdown();
    assertThat(desk.drawn).hasValue(requests);
    assertThat(ids.values().stream().distinct()).hasSize(requests);
    assertThat(shared.held()).isEqualTo(requests);
  }
}
