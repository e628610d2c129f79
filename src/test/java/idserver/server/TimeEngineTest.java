package idserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.SteadyClock;
import idserver.counter.Wish;
import idserver.reserve.BlockStore;
import idserver.reserve.InMemoryBlockStore;
import idserver.reserve.InMemoryBlockStore.Outcome;
import idserver.reserve.StoreException;
import idserver.timeid.SharedTimeIds;
import idserver.timeid.TimeIdBatch;
import idserver.timeid.TimeIdClock;
import idserver.timeid.TimeIdFormat;
import idserver.timeid.TimeIdLayout;
import idserver.timeid.TimeIdRefusal;
import idserver.timeid.TimeIdSettings;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TimeEngineTest {
  private static final int MAX_KINDS = 3;
  private static final SteadyClock WALL =
      new SteadyClock(System::currentTimeMillis, ZoneOffset.UTC);
  private static final CounterKey KIND = new CounterKey("rule", "app");

  /** What is promised ahead, and as much again for a busy machine. */
  private static final long SOON_MS = 30_000;

  private final InMemoryBlockStore.Storage storage = new InMemoryBlockStore.Storage();
  private long nowMs = 1_700_000_000_000L;
  private final Deque<Outcome> outcomes = new ArrayDeque<>();
  private final BlockStore store = store(() -> {});

  /** A store that fails as {@link #outcomes} say, and lets somebody else act before each call. */
  private InMemoryBlockStore store(Runnable beforeEachCall) {
    return new InMemoryBlockStore(
        storage,
        0,
        () -> {
          beforeEachCall.run();
          return outcomes.isEmpty() ? Outcome.WORKS : outcomes.remove();
        });
  }

  private TimeEngine start() throws StoreException {
    return TimeEngine.start(store, MAX_KINDS, WALL);
  }

  private static TimeIdSettings settings(TimeIdLayout layout) {
    return TimeIdSettings.of(TimeIdFormat.of(layout));
  }

  private static SharedTimeIds ids(TimeEngine engine) {
    return Objects.requireNonNull(engine.of(KIND, settings(TimeIdLayout.CLASSIC)));
  }

  private static long timeMs(long id) {
    return TimeIdFormat.of(TimeIdLayout.CLASSIC).decode(id).timeMs();
  }

  private long reserved() throws StoreException {
    return Objects.requireNonNull(store.find(List.of(TimeEngine.ROW)).get(TimeEngine.ROW))
        .reserved();
  }

  /** Another process of this node has promised the time up to this millisecond. */
  private void promiseElsewhere(long untilMs) throws StoreException {
    Numbering milliseconds =
        new Numbering(new NumberRange(0, Long.MAX_VALUE / 2, 1, 0), Period.NEVER, 1);
    Wish wish = new Wish(TimeEngine.ROW, milliseconds, 0, 1, 0, 0, untilMs - 1, 0);
    Grant grant = store(() -> {}).reserve(List.of(wish)).get(0);
    assertThat(grant.first()).isEqualTo(untilMs);
  }

  /** Takes a thousand: none seen before, and increasing. */
  private static long take(SharedTimeIds ids, Set<Long> seen) {
    long last = 0;
    for (int i = 0; i < 1_000; i++) {
      long id = ids.tryNext();
      assertThat(id).isPositive();
      assertThat(seen.add(id)).as("issued once").isTrue();
      assertThat(id).isGreaterThan(last);
      last = id;
    }
    return last;
  }

  @Test
  void theFirstStartPromisesSomeSecondsAhead() throws Exception {
    long before = System.currentTimeMillis();
    TimeEngine engine = start();

    assertThat(reserved()).isBetween(before + 5_000, System.currentTimeMillis() + SOON_MS);
    assertThat(timeMs(ids(engine).next())).isBetween(before, reserved());
  }

  @Test
  void aStartBeginsAboveAllThatWasPromised() throws Exception {
    take(ids(start()), new HashSet<>());
    long promised = reserved();

    long first = timeMs(ids(start()).next());

    assertThat(first).isGreaterThan(promised);
    assertThat(first).isLessThanOrEqualTo(promised + 2);
    assertThat(reserved()).isGreaterThan(first);
  }

  /** With a thousand servers an id of the ordered layout is one second. */
  @Test
  void aStartBeginsAboveAllThatWasPromisedInTheOrderedLayoutToo() throws Exception {
    TimeIdFormat format = new TimeIdFormat(TimeIdLayout.ORDERED, 0, 999, 1_000);
    TimeIdSettings settings = TimeIdSettings.of(format).withBorrowMs(60_000);
    long last = 0;
    for (int restart = 0; restart < 50; restart++) {
      SharedTimeIds ids = Objects.requireNonNull(startOnFakeClock().of(KIND, settings));
      for (long id = ids.tryNext(); id > 0; id = ids.tryNext()) {
        assertThat(id).isGreaterThan(last).isLessThanOrEqualTo(reserved());
        last = id;
      }
      assertThat(ids.tryNext()).isEqualTo(TimeIdRefusal.UNPROMISED.code());
      nowMs += 777;
    }
  }

  @Test
  void aClockThatIsADayBehindThePromiseCostsNoWait() throws Exception {
    long tomorrow = System.currentTimeMillis() + Duration.ofDays(1).toMillis();
    promiseElsewhere(tomorrow);

    TimeEngine engine = start();
    TimeIdBatch batch = ids(engine).tryNext(10_000);

    assertThat(batch.isRefused()).isFalse();
    assertThat(timeMs(batch.idAt(0))).isBetween(tomorrow + 1, tomorrow + SOON_MS);
    assertThat(timeMs(batch.idAt(9_999))).isLessThanOrEqualTo(reserved());
    assertThat(reserved()).isLessThan(tomorrow + SOON_MS);
  }

  /** What was promised a year ago says nothing of the year since. */
  @Test
  void aServerThatWasDownForAYearPromisesNoYearAhead() throws Exception {
    promiseElsewhere(System.currentTimeMillis() - Duration.ofDays(365).toMillis());
    start();

    assertThat(reserved()).isLessThan(System.currentTimeMillis() + 2 * SOON_MS);
  }

  /** An engine whose clock the test drives, together with the wall clock of its process. */
  private TimeEngine startOnFakeClock() throws StoreException {
    return TimeEngine.start(store, MAX_KINDS, this::clock);
  }

  private TimeIdClock clock(long promisedMs) {
    long origin = nowMs;
    return new TimeIdClock(Math.max(nowMs, promisedMs)) {
      @Override
      public long elapsedNanos() {
        return (nowMs - origin) * 1_000_000;
      }

      @Override
      protected void pause(long nanos) {
        throw new AssertionError("a server's kinds refuse");
      }
    };
  }

  @Test
  void timeIsPromisedAgainBeforeItIsUsedUp() throws Exception {
    TimeEngine engine = startOnFakeClock();
    SharedTimeIds ids = ids(engine);
    long last = 0;

    for (int second = 0; second < 100; second++) {
      nowMs += 1_000;
      engine.tick();
      assertThat(ids(engine)).as("all goes on").isSameAs(ids);
      long id = ids.next();
      assertThat(id).isGreaterThan(last);
      assertThat(timeMs(id)).isEqualTo(nowMs).isLessThan(reserved());
      last = id;
    }
  }

  @Test
  void aReservationWhoseAnswerIsLostIsLeftAndAllBeginsAnewAboveIt() throws Exception {
    TimeEngine engine = startOnFakeClock();
    Set<Long> seen = new HashSet<>();
    SharedTimeIds before = ids(engine);
    take(before, seen);
    nowMs += 12_000;
    outcomes.add(Outcome.ANSWER_LOST);
    assertThatThrownBy(engine::keepPromised).isInstanceOf(StoreException.class);
    long inDoubt = reserved();
    long last = take(before, seen);

    engine.keepPromised();

    SharedTimeIds after = ids(engine);
    assertThat(after).isNotSameAs(before);
    assertThat(timeMs(after.next())).isGreaterThan(inDoubt).isLessThanOrEqualTo(reserved());
    assertThat(after.next()).isGreaterThan(last);
    take(after, seen);
  }

  @Test
  void whileTheStoreIsAwayIdsGoOnUntilThePromiseIsUsedUpAndAgainAfterwards() throws Exception {
    TimeEngine engine = startOnFakeClock();
    SharedTimeIds ids = ids(engine);
    Set<Long> seen = new HashSet<>();
    long promised = reserved();
    nowMs += 11_000;
    while (nowMs <= promised) {
      outcomes.add(Outcome.FAILS);
      engine.tick();
      take(ids, seen);
      nowMs += 1_000;
    }

    assertThat(ids.tryNext()).isEqualTo(TimeIdRefusal.UNPROMISED.code());
    outcomes.add(Outcome.CONFLICTS);
    engine.tick();
    assertThat(ids.tryNext()).isEqualTo(TimeIdRefusal.UNPROMISED.code());
    engine.tick();

    assertThat(ids(engine)).isSameAs(ids);
    take(ids, seen);
  }

  @Test
  void whatIsBorrowedIsNotAboveThePromiseEither() throws Exception {
    TimeEngine engine = startOnFakeClock();
    TimeIdSettings far = settings(TimeIdLayout.ORDERED).withBorrowMs(60_000);
    SharedTimeIds ids = Objects.requireNonNull(engine.of(KIND, far));

    assertThat(ids.tryNext(20_000).refusal()).isEqualTo(TimeIdRefusal.UNPROMISED);
    assertThat(ids.tryNext(10_000).isRefused()).isFalse();
  }

  @Test
  void twoServersOnOneRowShareNoTimeHoweverLongTheyRun() throws Exception {
    TimeEngine one = startOnFakeClock();
    TimeEngine other = startOnFakeClock();
    Set<Long> seen = new HashSet<>();
    for (int second = 0; second < 60; second++) {
      nowMs += 1_000;
      one.tick();
      other.tick();
      take(ids(one), seen);
      take(ids(other), seen);
    }
  }

  @Test
  void enoughPromisedIsNotPromisedAgain() throws Exception {
    TimeEngine engine = start();
    long promised = reserved();

    engine.keepPromised();
    engine.tick();

    assertThat(reserved()).isEqualTo(promised);
  }

  @Test
  void aStoreThatIsAwayAtTheStartFailsIt() {
    outcomes.add(Outcome.FAILS);
    assertThatThrownBy(this::start).isInstanceOf(StoreException.class);

    outcomes.add(Outcome.WORKS);
    outcomes.add(Outcome.FAILS);
    assertThatThrownBy(this::start).isInstanceOf(StoreException.class);
  }

  @Test
  void twoServersThatStartOneAfterTheOtherOnOneRowShareNoTime() throws Exception {
    Set<Long> seen = new HashSet<>();
    TimeEngine one = start();
    TimeEngine other = start();

    for (int i = 0; i < 5; i++) {
      take(ids(one), seen);
      take(ids(other), seen);
    }
  }

  /** Both have found the row as it was before either has promised anything. */
  @Test
  void twoServersThatStartAtOnceOnAnOldRowShareNoTime() throws Exception {
    promiseElsewhere(System.currentTimeMillis() - Duration.ofDays(365).toMillis());

    assertThatTwoStartsAtOnceShareNoTime();
  }

  @Test
  void twoServersThatStartAtOnceWithoutARowShareNoTime() throws Exception {
    assertThatTwoStartsAtOnceShareNoTime();
  }

  private void assertThatTwoStartsAtOnceShareNoTime() throws StoreException {
    Deque<TimeEngine> meanwhile = new ArrayDeque<>();
    int[] calls = {0};
    BlockStore late =
        store(
            () -> {
              // after its look at the row, and before its reservation
              if (++calls[0] == 2) {
                meanwhile.add(startUnchecked());
              }
            });
    TimeEngine other = TimeEngine.start(late, MAX_KINDS, WALL);
    TimeEngine one = meanwhile.remove();
    Set<Long> seen = new HashSet<>();

    for (int i = 0; i < 5; i++) {
      take(ids(one), seen);
      take(ids(other), seen);
    }
    assertThat(reserved()).isLessThan(System.currentTimeMillis() + 2 * SOON_MS);
  }

  private TimeEngine startUnchecked() {
    try {
      return start();
    } catch (StoreException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void thereAreOnlySoManyKinds() throws Exception {
    TimeEngine engine = start();
    for (int i = 0; i < MAX_KINDS; i++) {
      assertThat(engine.of(new CounterKey("rule", "app" + i), settings(TimeIdLayout.SPILL)))
          .isNotNull();
    }

    assertThat(engine.of(KIND, settings(TimeIdLayout.SPILL))).isNull();
    assertThat(engine.of(new CounterKey("rule", "app0"), settings(TimeIdLayout.SPILL))).isNotNull();
  }
}
