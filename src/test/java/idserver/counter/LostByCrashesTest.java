package idserver.counter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import idserver.reserve.CounterState;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

/** What crashes cost a rule of four digits: a process that ends gives nothing back. */
class LostByCrashesTest {
  private static final int BATCH_SAVE = 100;
  private static final long NUMBERS = 10_000;
  private static final Numbering NUMBERING =
      new Numbering(new NumberRange(0, NUMBERS - 1, 1, 0), Period.NEVER, BATCH_SAVE);

  private final FakeDemand demand = new FakeDemand();
  private final SteadyClock clock = new SteadyClock(() -> 0, ZoneOffset.UTC);
  private final StoredRow row = new StoredRow();
  private Counter counter = started();

  private Counter started() {
    return requireNonNull(
        new Counters(clock, demand, 1, 1).get(new CounterKey("order_id", "shop")));
  }

  private long left() {
    CounterState state = row.state();
    return NUMBERS - 1 - (state == null ? -1 : state.reserved());
  }

  private void grant() {
    counter.wish(clock.now()).ifPresent(wish -> counter.granted(wish, row.reserve(wish)));
  }

  /** The next number, with a store that answers at once. */
  private long draw() {
    long number = counter.draw(NUMBERING, 0);
    while (number == Counter.EMPTY) {
      counter.park(new FakeWaiting(), NUMBERING, 0);
      grant();
      number = counter.draw(NUMBERING, 0);
    }
    grant();
    return number;
  }

  @Test
  void aCounterThatIsHardlyUsedLosesTheSmallestBlockEachTime() {
    for (long crash = 1; crash <= 50; crash++) {
      assertThat(draw()).isNotNegative();
      assertThat(left()).isEqualTo(NUMBERS - crash * BATCH_SAVE);
      counter = started();
    }
  }

  @Test
  void aCounterAtFullSpeedLosesAtMostTwoBlocksOfASixteenthOfWhatWasLeft() {
    for (int crash = 0; crash < 10; crash++) {
      long before = left();
      long most = 2 * Math.max(before / 16, BATCH_SAVE);
      long last = -1;
      // as quickly as it can, so that blocks grow as far as they may
      for (int i = 0; i < 500 && left() > 0; i++) {
        last = draw();
      }

      assertThat(NUMBERS - 1 - left() - last).isLessThanOrEqualTo(most);
      counter = started();
    }
    assertThat(left()).as("ten times 500 numbers used, and ten crashes").isPositive();
  }
}
