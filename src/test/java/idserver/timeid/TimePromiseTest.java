package idserver.timeid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TimePromiseTest {
  @Test
  void asksForTenSecondsMoreWhenLessThanFiveAreLeft() {
    TimePromise promise = TimePromise.startingAfter(0);

    assertThat(promise.wantedMs(100_000)).isEqualTo(115_000);
    promise.extendTo(115_000);
    assertThat(promise.wantedMs(110_000)).isEqualTo(TimePromise.ENOUGH);
    assertThat(promise.wantedMs(110_001)).isEqualTo(125_001);
  }

  @Test
  void inMemoryNothingIsEverWanted() {
    assertThat(TimePromise.inMemory().wantedMs(SetClock.START_MS)).isEqualTo(TimePromise.ENOUGH);
  }

  @Test
  void somethingMustBeKeptAhead() {
    assertThatThrownBy(() -> TimePromise.startingAfter(0, 0))
        .hasMessage("ahead must be >= 1 ms: 0");
  }

  @Test
  void theClockStartsAtThePromiseWhenTheWallClockIsBehindIt() {
    long dayAheadMs = System.currentTimeMillis() + 86_400_000;

    TimeIdClock clock = TimeIdClock.startingAfter(dayAheadMs);

    assertThat(clock.startMs()).isEqualTo(dayAheadMs);
    assertThat(clock.nowMs()).isGreaterThanOrEqualTo(dayAheadMs);
    assertThat(TimeIdClock.startingAfter(0).startMs()).isLessThan(dayAheadMs);
  }

  @Test
  void aTickedClockStandsStillBetweenItsTicks() {
    SetClock source = new SetClock();
    TickedClock clock = new TickedClock(source);
    source.advanceMs(7);

    assertThat(clock.nowMs()).isEqualTo(SetClock.START_MS);
    clock.tick();
    assertThat(clock.nowMs()).isEqualTo(SetClock.START_MS + 7);
  }
}
