package idserver.timeid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.timeid.TimeIdSettings.WhenFull;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimeIdsTest {
  private static final long START_MS = SetClock.START_MS;
  private static final long BUSY = TimeIdRefusal.BUSY.code();

  private SetClock clock = new SetClock();
  private final TimePromise promise = TimePromise.inMemory();

  private static TimeIdSettings exact(TimeIdLayout layout) {
    return TimeIdSettings.of(layout).withSpreadMs(1);
  }

  static Stream<Function<TimeIdsTest, Function<TimeIdSettings, TimeIds>>> modes() {
    return Stream.of(
        test -> settings -> new SharedTimeIds(settings, test.clock, test.promise),
        test -> settings -> new ConfinedTimeIds(settings, test.clock, test.promise));
  }

  private static TimeIdParts next(TimeIds ids) {
    return ids.settings().format().decode(ids.next());
  }

  @ParameterizedTest
  @MethodSource("modes")
  void spillStartsItsSerialAgainEachMillisecond(
      Function<TimeIdsTest, Function<TimeIdSettings, TimeIds>> mode) {
    TimeIds ids = mode.apply(this).apply(exact(TimeIdLayout.SPILL));

    assertThat(next(ids)).isEqualTo(new TimeIdParts(START_MS, 0, 0));
    assertThat(next(ids)).isEqualTo(new TimeIdParts(START_MS, 0, 1));
    clock.advanceNanos(999_999);
    assertThat(next(ids)).isEqualTo(new TimeIdParts(START_MS, 0, 2));
    clock.advanceNanos(1);
    assertThat(next(ids)).isEqualTo(new TimeIdParts(START_MS + 1, 0, 0));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void classicGoesOnWithItsSerialInTheNextMillisecond(
      Function<TimeIdsTest, Function<TimeIdSettings, TimeIds>> mode) {
    TimeIds ids = mode.apply(this).apply(TimeIdSettings.of(TimeIdLayout.CLASSIC));

    assertThat(next(ids)).isEqualTo(new TimeIdParts(START_MS, 0, 0));
    assertThat(next(ids)).isEqualTo(new TimeIdParts(START_MS, 0, 1));
    clock.advanceMs(100);
    assertThat(next(ids)).isEqualTo(new TimeIdParts(START_MS + 100, 0, 2));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void orderedTakesTheMillisecondsOfItsNode(
      Function<TimeIdsTest, Function<TimeIdSettings, TimeIds>> mode) {
    TimeIdFormat format = new TimeIdFormat(TimeIdLayout.ORDERED, START_MS - 300, 2, 3);
    TimeIds ids = mode.apply(this).apply(TimeIdSettings.of(format).withSpreadMs(1));

    assertThat(ids.next()).isEqualTo(302);
    assertThat(ids.next()).as("borrowed").isEqualTo(305);
    clock.advanceMs(10);
    assertThat(ids.next()).as("the last one at 310").isEqualTo(308);
    clock.advanceMs(90);
    assertThat(ids.next()).as("the last one at 400").isEqualTo(398);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void goesOnInWholeRoundsSoThatTheLowBitsFollowEachOther(
      Function<TimeIdsTest, Function<TimeIdSettings, TimeIds>> mode) {
    TimeIdFormat format = new TimeIdFormat(TimeIdLayout.SPILL, START_MS - 100, 0, 1);
    TimeIds ids = mode.apply(this).apply(TimeIdSettings.of(format).withSpreadMs(16));

    assertThat(ids.next()).isEqualTo(100);
    clock.advanceMs(15);
    assertThat(ids.next()).isEqualTo(101);
    clock.advanceMs(100);
    assertThat(ids.next()).as("102 and 7 rounds, at 215").isEqualTo(102 + 7 * 16);
    clock.advanceMs(2);
    assertThat(ids.next(3).toArray())
        .as("one for each past millisecond")
        .containsExactly(215, 216, 217);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void aFullMillisecondRunsOverIntoTheNext(
      Function<TimeIdsTest, Function<TimeIdSettings, TimeIds>> mode) {
    TimeIds ids = mode.apply(this).apply(exact(TimeIdLayout.SPILL));

    ids.next(4095);

    assertThat(next(ids)).isEqualTo(new TimeIdParts(START_MS, 0, 4095));
    assertThat(next(ids)).isEqualTo(new TimeIdParts(START_MS + 1, 0, 0));
    clock.advanceMs(1);
    assertThat(next(ids)).isEqualTo(new TimeIdParts(START_MS + 1, 0, 1));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void refusesAtTheBoundOfBorrowingUntilTheClockHasGoneOn(
      Function<TimeIdsTest, Function<TimeIdSettings, TimeIds>> mode) {
    TimeIds ids = mode.apply(this).apply(exact(TimeIdLayout.ORDERED).withBorrowMs(5));

    for (int i = 0; i <= 5; i++) {
      assertThat(next(ids).timeMs()).isEqualTo(START_MS + i);
    }
    assertThat(ids.tryNext()).isEqualTo(BUSY);
    assertThat(ids.tryNext(2).refusal()).isEqualTo(TimeIdRefusal.BUSY);
    assertThatThrownBy(ids::next).hasMessage("the milliseconds are used up");
    clock.advanceMs(1);
    assertThat(ids.tryNext(2).refusal()).isEqualTo(TimeIdRefusal.BUSY);
    assertThat(next(ids).timeMs()).isEqualTo(START_MS + 6);
    assertThat(ids.tryNext()).isEqualTo(BUSY);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void waitsAtTheBoundWhereThatIsConfigured(
      Function<TimeIdsTest, Function<TimeIdSettings, TimeIds>> mode) {
    TimeIds ids =
        mode.apply(this)
            .apply(exact(TimeIdLayout.ORDERED).withBorrowMs(5).withWhenFull(WhenFull.WAIT));

    for (int i = 0; i < 100; i++) {
      assertThat(next(ids).timeMs()).isEqualTo(START_MS + i);
    }
    assertThat(clock.nowMs()).isEqualTo(START_MS + 94);
    assertThat(ids.next(6).size()).isEqualTo(6);
    assertThat(clock.nowMs()).isEqualTo(START_MS + 100);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void anInterruptedThreadDoesNotWait(
      Function<TimeIdsTest, Function<TimeIdSettings, TimeIds>> mode) {
    TimeIds ids =
        mode.apply(this)
            .apply(exact(TimeIdLayout.ORDERED).withBorrowMs(0).withWhenFull(WhenFull.WAIT));
    ids.next();

    Thread.currentThread().interrupt();

    assertThat(ids.tryNext()).isEqualTo(BUSY);
    assertThat(Thread.interrupted()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("modes")
  void theLastMillisecondOf41BitsIsUsedAndThenThereIsNoId(
      Function<TimeIdsTest, Function<TimeIdSettings, TimeIds>> mode) {
    clock = new SetClock(TimeIdLayout.LAST_MS - 23);
    for (TimeIdLayout layout : TimeIdLayout.values()) {
      for (int node : new int[] {0, 1023}) {
        TimeIdFormat format = new TimeIdFormat(layout, 1000, node, 1024);
        TimeIds ids = mode.apply(this).apply(TimeIdSettings.of(format).withBorrowMs(60_000));

        long last = 0;
        long id = ids.tryNext();
        while (id > 0) {
          assertThat(format.sortKey(id)).isGreaterThan(format.sortKey(last));
          last = id;
          id = ids.tryNext();
        }

        assertThat(id).isEqualTo(TimeIdRefusal.EXHAUSTED.code());
        long lastMs = TimeIdLayout.LAST_MS - (layout == TimeIdLayout.ORDERED ? 1023 - node : 0);
        assertThat(format.decode(last))
            .isEqualTo(new TimeIdParts(format.epochMs() + lastMs, node, layout.maxSerial()));
        assertThat(ids.tryNext(2).refusal()).isEqualTo(TimeIdRefusal.EXHAUSTED);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void thereIsNoIdWhenTheClockHasPassedTheEnd(
      Function<TimeIdsTest, Function<TimeIdSettings, TimeIds>> mode) {
    clock = new SetClock(TimeIdLayout.LAST_MS);
    for (TimeIdLayout layout : TimeIdLayout.values()) {
      TimeIdFormat format = new TimeIdFormat(layout, 1000, 0, 1);
      TimeIds ids = mode.apply(this).apply(TimeIdSettings.of(format));
      clock.advanceMs(2000);

      assertThat(ids.tryNext()).isEqualTo(TimeIdRefusal.EXHAUSTED.code());
    }
  }

  @Test
  void noIdHasATimeThatIsNotPromised() {
    TimePromise promise = TimePromise.startingAfter(START_MS);
    TimeIds ids = new SharedTimeIds(exact(TimeIdLayout.ORDERED), clock, promise);

    assertThat(ids.tryNext()).isEqualTo(TimeIdRefusal.UNPROMISED.code());
    promise.extendTo(START_MS + 2);
    assertThat(ids.tryNext(3).refusal()).isEqualTo(TimeIdRefusal.UNPROMISED);
    assertThat(ids.next(2).size()).isEqualTo(2);
    assertThat(ids.tryNext()).isEqualTo(TimeIdRefusal.UNPROMISED.code());
    promise.extendTo(START_MS);
    assertThat(promise.promisedMs()).isEqualTo(START_MS + 2);
  }

  @Test
  void doesNotWaitForAPromise() {
    TimeIds ids =
        new SharedTimeIds(
            exact(TimeIdLayout.SPILL).withWhenFull(WhenFull.WAIT),
            clock,
            TimePromise.startingAfter(0));

    assertThat(ids.tryNext()).isEqualTo(TimeIdRefusal.UNPROMISED.code());
  }

  @Test
  void aBatchIsAtMostWhatCanBeBorrowedAndAMillisecond() {
    TimeIds ids = new SharedTimeIds(exact(TimeIdLayout.CLASSIC).withBorrowMs(2), clock, promise);

    assertThat(ids.maxBatch()).isEqualTo(3 * 4096);
    assertThatThrownBy(() -> ids.next(3 * 4096 + 1)).hasMessage("count must be 1 to 12288: 12289");
    assertThatThrownBy(() -> ids.next(0)).hasMessage("count must be 1 to 12288: 0");
    assertThat(ids.next(3 * 4096).size()).isEqualTo(3 * 4096);
  }

  @Test
  void refusesAnEpochThatHasNotBegun() {
    TimeIdFormat format = new TimeIdFormat(TimeIdLayout.SPILL, START_MS, 0, 1);

    assertThatThrownBy(() -> new SharedTimeIds(TimeIdSettings.of(format), clock, promise))
        .hasMessageContaining("epoch must be before now");
  }
}
