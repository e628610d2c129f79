package idserver.reserve;

import static idserver.reserve.InMemoryBlockStore.Outcome.ANSWER_LOST;
import static idserver.reserve.InMemoryBlockStore.Outcome.CONFLICTS;
import static idserver.reserve.InMemoryBlockStore.Outcome.FAILS;
import static idserver.reserve.InMemoryBlockStore.Outcome.WORKS;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.counter.Counter;
import idserver.counter.CounterKey;
import idserver.counter.Counters;
import idserver.counter.Leftover;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.SteadyClock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReservationsTest {
  private static final Numbering NUMBERING =
      new Numbering(new NumberRange(0, 1_000_000, 1, 0), Period.NEVER, 10);
  private static final int WRITERS = 2;
  private static final int QUEUE_SIZE = 3;

  private final FakeStore store = new FakeStore();
  private final SteadyClock clock = new SteadyClock(() -> 0, ZoneOffset.UTC);
  private final List<Reservations> started = new ArrayList<>();
  private Runnable whenStarted = () -> {};
  private final Reservations reservations =
      new Reservations(store, clock, WRITERS, QUEUE_SIZE, this::startWriter);
  private final Counters counters = new Counters(clock, reservations, 1_000, 100);

  private void startWriter(Reservations toDrain) {
    whenStarted.run();
    started.add(toDrain);
  }

  private static CounterKey key(String app) {
    return new CounterKey("rule", app);
  }

  private Counter counter(String app) {
    return requireNonNull(counters.get(key(app)));
  }

  private Request request(String app) {
    return new Request(counter(app), NUMBERING, clock).run();
  }

  @Test
  void grantsWhatIsWishedForAndTheWriterEnds() {
    Request request = request("a");
    assertThat(request.told).isEmpty();
    assertThat(started).containsExactly(reservations);
    assertThat(reservations.queued()).isEqualTo(1);

    reservations.drain();

    assertThat(request.told).containsExactly(0L);
    assertThat(reservations.queued()).isZero();
    assertThat(reservations.awaitIdle(0)).isTrue();
  }

  @Test
  void manyCountersShareOneTransaction() {
    List<Request> requests = List.of(request("a"), request("b"), request("c"));

    reservations.drain();

    assertThat(store.batches).containsExactly(3);
    assertThat(requests).allSatisfy(request -> assertThat(request.told).containsExactly(0L));
  }

  @Test
  void countsFailuresConflictsAndTheTimeThatTheStoreTook() {
    store.outcomes.add(FAILS);
    store.outcomes.add(CONFLICTS);
    request("a");

    reservations.drain();

    ReservationFigures figures = reservations.figures();
    assertThat(figures.errors()).isEqualTo(1);
    assertThat(figures.conflicts()).isEqualTo(1);
    assertThat(figures.committed()).isEqualTo(1);
    assertThat(figures.blocks()).isEqualTo(1);
    assertThat(figures.nanos()).isPositive();
  }

  @Test
  void countsWhatWasCommittedAndTheBlocksOfIt() {
    store.outcomes.add(FAILS);
    request("a");
    request("b");
    request("c");
    store.beforeEachCall = () -> assertThat(reservations.committed()).isZero();

    reservations.drain();

    assertThat(reservations.committed()).isEqualTo(1);
    assertThat(reservations.blocks()).isEqualTo(3);
  }

  @Test
  void anExhaustedCounterIsGrantedNoBlock() {
    Numbering two = new Numbering(new NumberRange(0, 1, 1, 0), Period.NEVER, 10);
    Request first = new Request(counter("a"), two, clock).run();
    reservations.drain();
    assertThat(first.told).containsExactly(0L);
    assertThat(new Request(counter("a"), two, clock).run().told).containsExactly(1L);

    reservations.drain();

    assertThat(new Request(counter("a"), two, clock).run().told).containsExactly(Counter.EXHAUSTED);
    assertThat(reservations.blocks()).isEqualTo(1);
    assertThat(reservations.committed()).isEqualTo(2);
  }

  @Test
  void aFailedReservationIsNotGrantedAndIsTriedAgain() {
    store.outcomes.add(FAILS);
    List<Boolean> down = new ArrayList<>();
    Request refused = request("a");
    store.beforeEachCall = () -> down.add(reservations.isDown());

    reservations.drain();

    assertThat(refused.told).containsExactly(Request.GAVE_UP);
    assertThat(down).containsExactly(false, true);
    assertThat(reservations.isDown()).isFalse();
    assertThat(request("a").told).containsExactly(0L);
  }

  @Test
  void whoComesWhileTheStoreIsDownIsRefusedAtOnce() {
    store.outcomes.add(FAILS);
    List<Request> came = new ArrayList<>();
    request("a");
    store.beforeEachCall =
        () -> {
          if (reservations.isDown()) {
            came.add(request("b"));
          }
        };

    reservations.drain();

    assertThat(came.get(0).told).containsExactly(Request.HOPELESS);
    assertThat(request("b").told).as("its wish stood").containsExactly(0L);
  }

  @Test
  void anAnswerThatWasLostGivesAGapAndNoDuplicate() {
    store.outcomes.add(ANSWER_LOST);
    Request refused = request("a");

    reservations.drain();

    assertThat(refused.told).containsExactly(Request.GAVE_UP);
    assertThat(request("a").told).containsExactly(10L);
  }

  @Test
  void aFaultOfTheServerIsTriedAgainLikeAFailure() {
    Request refused = request("a");
    List<Integer> calls = new ArrayList<>();
    store.beforeEachCall =
        () -> {
          calls.add(1);
          if (calls.size() == 1) {
            throw new IllegalStateException("a fault");
          }
        };

    reservations.drain();

    assertThat(refused.told).containsExactly(Request.GAVE_UP);
    assertThat(request("a").told).containsExactly(0L);
  }

  @Test
  void aConflictIsTriedAgainOneByOneAndRefusesNobody() {
    store.outcomes.addAll(List.of(CONFLICTS, WORKS, CONFLICTS, CONFLICTS, WORKS, WORKS));
    List<Request> requests = List.of(request("a"), request("b"), request("c"));

    reservations.drain();

    assertThat(requests).allSatisfy(request -> assertThat(request.told).containsExactly(0L));
    assertThat(store.batches).containsExactly(3, 1, 1, 1, 1, 1);
    assertThat(reservations.isDown()).isFalse();
  }

  @Test
  void conflictsWithoutEndOnOneRowAreNoOutageAndRefuseNobody() {
    // the batch, then "a" until it is put off, then "b"
    store.outcomes.addAll(List.of(CONFLICTS, CONFLICTS, CONFLICTS, CONFLICTS, WORKS));
    List<Boolean> down = new ArrayList<>();
    Request contended = request("a");
    Request other = request("b");
    List<Boolean> otherWasServed = new ArrayList<>();
    store.beforeEachCall =
        () -> {
          down.add(reservations.isDown());
          otherWasServed.add(!other.told.isEmpty());
        };

    reservations.drain();

    assertThat(other.told).containsExactly(0L);
    assertThat(contended.told).containsExactly(0L);
    assertThat(otherWasServed).endsWith(false, true);
    assertThat(down).containsOnly(false);
    assertThat(reservations.queued()).isZero();
  }

  @Test
  void aFailureAmongConflictsRefusesOnlyWhoWasNotServed() {
    store.outcomes.addAll(List.of(CONFLICTS, WORKS, FAILS));
    Request served = request("a");
    Request refused = request("b");

    reservations.drain();

    assertThat(served.told).containsExactly(0L);
    assertThat(refused.told).containsExactly(Request.GAVE_UP);
  }

  @Test
  void theQueueIsBounded() {
    assertThat(request("a").told).isEmpty();
    assertThat(request("b").told).isEmpty();
    assertThat(request("c").told).isEmpty();

    assertThat(request("d").told).containsExactly(Request.FULL);
    assertThat(reservations.find(key("a"), state -> {}, () -> {})).isFalse();
    reservations.drain();
    assertThat(request("d").told).isEmpty();
  }

  @Test
  void aWishThatNobodyHasAnyMoreIsPassedOver() {
    request("a");
    counters.close();

    reservations.drain();

    assertThat(store.batches).isEmpty();
    assertThat(reservations.queued()).isZero();
  }

  @Test
  void startsNoMoreWritersThanItMay() {
    request("a");
    request("b");
    request("c");

    assertThat(started).hasSize(WRITERS);
    reservations.drain();
    reservations.drain();
    request("d");
    assertThat(started).hasSize(WRITERS + 1);
  }

  @Test
  void aWishThatComesWhileItsWriterIsAtWorkIsNotLost() {
    request("a");
    List<Request> came = new ArrayList<>();
    store.beforeEachCall =
        () -> {
          if (came.isEmpty()) {
            came.add(request("b"));
          }
        };

    reservations.drain();

    assertThat(came.get(0).told).containsExactly(0L);
  }

  @Test
  void findsWhatIsStored() {
    request("a");
    reservations.drain();
    List<Optional<CounterState>> found = new ArrayList<>();

    assertThat(reservations.find(key("a"), found::add, () -> found.add(Optional.empty()))).isTrue();
    assertThat(reservations.find(key("b"), found::add, () -> {})).isTrue();
    reservations.drain();

    Optional<CounterState> stored = Optional.of(new CounterState(0, Long.MAX_VALUE, 9, 0));
    assertThat(found).containsExactly(stored, Optional.empty());
  }

  @Test
  void questionsLeaveRoomForWishes() {
    List<Optional<CounterState>> found = new ArrayList<>();
    int asked = 0;
    while (reservations.find(key("b"), found::add, () -> {})) {
      asked++;
    }
    assertThat(asked).isEqualTo(2);

    Request request = request("a");
    reservations.drain();

    assertThat(request.told).containsExactly(0L);
    assertThat(found).hasSize(2);
  }

  @Test
  void questionsThatComeWhileOneIsAskedNeedNoOtherWriterAndAreAskedTogether() {
    List<Optional<CounterState>> found = new ArrayList<>();
    List<Integer> writers = new ArrayList<>();
    store.beforeEachCall =
        () -> {
          if (writers.isEmpty()) {
            reservations.find(key("b"), found::add, () -> {});
            reservations.find(key("c"), found::add, () -> {});
          }
          writers.add(started.size());
        };
    reservations.find(key("a"), found::add, () -> {});

    reservations.drain();

    assertThat(writers).containsExactly(1, 1);
    assertThat(found).hasSize(3);
    assertThat(reservations.awaitIdle(0)).isTrue();
  }

  @Test
  void aQuestionThatFailsIsAnsweredOnceAndNotTriedAgain() {
    store.outcomes.add(FAILS);
    List<String> told = new ArrayList<>();
    reservations.find(key("a"), state -> told.add("found"), () -> told.add("failed"));

    reservations.drain();

    assertThat(told).containsExactly("failed");
    assertThat(reservations.isDown()).isTrue();
    request("a");
    reservations.drain();
    assertThat(reservations.isDown()).isFalse();
  }

  @Test
  void aQuestionThatFailsByAFaultOfTheServerIsAnsweredAsWell() {
    List<String> told = new ArrayList<>();
    store.beforeEachCall =
        () -> {
          store.beforeEachCall = () -> {};
          throw new IllegalStateException("a fault");
        };
    reservations.find(key("a"), state -> told.add("found"), () -> told.add("failed"));

    reservations.drain();

    assertThat(told).containsExactly("failed");
  }

  @Test
  void aStopEndsThePauseAfterAFailure() throws Exception {
    store.outcomes.addAll(Collections.nCopies(1_000, FAILS));
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      request("a");
      Future<?> writer = thread.submit(reservations::drain);
      await().until(reservations::isDown);

      reservations.stop();

      writer.get(10, TimeUnit.SECONDS);
      assertThat(reservations.awaitIdle(10_000)).isTrue();
      assertThat(request("b").told).containsExactly(Request.HOPELESS);
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void nothingIsTakenAfterAStop() {
    request("a");

    reservations.stop();

    assertThat(request("b").told).containsExactly(Request.FULL);
    assertThat(reservations.find(key("a"), state -> {}, () -> {})).isFalse();
    assertThat(reservations.awaitIdle(0)).as("a writer was started").isFalse();
    reservations.drain();
    assertThat(reservations.awaitIdle(0)).isTrue();
    assertThat(store.batches).isEmpty();
  }

  @Test
  void aQuestionThatIsOpenAtTheStopIsAnswered() {
    List<String> told = new ArrayList<>();
    reservations.find(key("a"), state -> told.add("found"), () -> told.add("failed"));

    reservations.stop();
    reservations.drain();

    assertThat(told).containsExactly("failed");
  }

  @Test
  void aWriterThatCannotBeStartedIsStartedLater() {
    whenStarted =
        () -> {
          throw new RejectedExecutionException("no thread");
        };
    assertThat(request("a").told).containsExactly(Request.FULL);
    assertThat(reservations.queued()).isZero();
    whenStarted = () -> {};

    Request next = request("a");

    assertThat(started).hasSize(1);
    reservations.drain();
    assertThat(next.told).containsExactly(0L);
  }

  @Test
  void givesBackInBatchesAndCountsWhatWasTaken() throws StoreException {
    List<Leftover> leftovers =
        IntStream.range(0, 1_200)
            .mapToObj(i -> new Leftover(key("app" + i), false, 0, 9, 4))
            .toList();
    request("app700");
    reservations.drain();
    store.batches.clear();

    assertThat(GiveBack.to(store, leftovers)).isEqualTo(1);
    assertThat(store.batches).containsExactly(500, 500, 200);
  }

  @Test
  void givesBackOneByOneAfterAConflict() throws StoreException {
    request("a");
    request("b");
    reservations.drain();
    List<Leftover> leftovers = counters.close();
    assertThat(leftovers).hasSize(2);
    store.outcomes.addAll(List.of(CONFLICTS, CONFLICTS, WORKS));

    assertThat(GiveBack.to(store, leftovers)).isEqualTo(1);
  }
}
