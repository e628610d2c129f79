package idserver.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.Wish;
import org.junit.jupiter.api.Test;

class AllocationTest {
  private static final long NOTHING = NumberRange.NOTHING_RESERVED;
  private static final long NO_PERIOD = Long.MIN_VALUE;
  private static final NumberRange RANGE = new NumberRange(1_000, 9_999, 10, 3);

  private static Wish wish(NumberRange range, long period, long size, long known, long reserved) {
    Numbering numbering = new Numbering(range, Period.NEVER, 5);
    return new Wish(new CounterKey("rule", "app"), numbering, period, size, known, reserved, 700);
  }

  private static Wish wish(long size) {
    return wish(RANGE, 0, size, NO_PERIOD, NOTHING);
  }

  private static CounterState stored(long period, long reserved) {
    return new CounterState(period, reserved, 600);
  }

  @Test
  void beginsAtTheFirstNumberWhenNothingIsStored() {
    assertThat(Allocation.next(null, wish(20))).isEqualTo(new Grant(0, 1_003, 20, 700));
  }

  @Test
  void goesOnInItsResidueAboveWhatIsStored() {
    assertThat(Allocation.next(stored(0, 1_003), wish(20)).first()).isEqualTo(1_013);
    assertThat(Allocation.next(stored(0, 1_004), wish(20)).first()).isEqualTo(1_013);
    assertThat(Allocation.next(stored(0, -1), wish(20)).first()).isEqualTo(1_003);
  }

  @Test
  void theRowAfterwardsHoldsTheLastNumber() {
    Wish wish = wish(20);

    assertThat(Allocation.after(Allocation.next(stored(0, 1_003), wish), wish))
        .isEqualTo(new CounterState(0, 1_203, 700));
  }

  @Test
  void theLatestTimeWins() {
    CounterState later = new CounterState(0, 1_003, 800);

    assertThat(Allocation.next(later, wish(20)).epochSecond()).isEqualTo(800);
    assertThat(Allocation.next(stored(0, 1_003), wish(20)).epochSecond()).isEqualTo(700);
  }

  @Test
  void aLaterPeriodBeginsAgain() {
    Wish tomorrow = wish(RANGE, 86_400, 20, 0, 5_003);

    assertThat(Allocation.next(stored(0, 5_003), tomorrow))
        .isEqualTo(new Grant(86_400, 1_003, 20, 700));
  }

  @Test
  void aRowThatPromisesLessThanWasGrantedIsRepaired() {
    Wish knowing = wish(RANGE, 0, 20, 0, 5_003);

    assertThat(Allocation.next(stored(0, 5_003), knowing).repaired()).isFalse();
    assertThat(Allocation.next(stored(0, 6_003), knowing).repaired()).isFalse();
    assertThat(Allocation.next(stored(86_400, 1_003), knowing).repaired()).isFalse();
    assertThat(Allocation.next(stored(0, 4_993), knowing))
        .isEqualTo(new Grant(0, 5_013, 20, 700, true));
    assertThat(Allocation.next(null, knowing)).isEqualTo(new Grant(0, 5_013, 20, 700, true));
  }

  @Test
  void anEarlierPeriodNeverComesBack() {
    assertThat(Allocation.next(stored(86_400, 5_003), wish(20)))
        .isEqualTo(new Grant(86_400, 5_013, 20, 700));
    assertThat(Allocation.next(stored(0, 2_003), wish(RANGE, 0, 20, 86_400, 5_003)))
        .isEqualTo(new Grant(86_400, 5_013, 20, 700, true));
    assertThat(Allocation.next(stored(86_400, 2_003), wish(RANGE, 0, 20, 0, 5_003)))
        .isEqualTo(new Grant(86_400, 2_013, 20, 700));
  }

  @Test
  void anOlderStoredValueIsNotBelieved() {
    Wish knowing = wish(RANGE, 0, 20, 0, 5_003);

    assertThat(Allocation.next(stored(0, 2_003), knowing).first()).isEqualTo(5_013);
    assertThat(Allocation.next(null, knowing).first()).isEqualTo(5_013);
    assertThat(Allocation.next(stored(0, 6_003), knowing).first()).isEqualTo(6_013);
  }

  @Test
  void takesAtMostASixteenthOfWhatIsLeft() {
    // 900 numbers
    assertThat(Allocation.next(null, wish(900)).size()).isEqualTo(56);
    // 450 numbers
    assertThat(Allocation.next(stored(0, 5_493), wish(900)).size()).isEqualTo(28);
  }

  @Test
  void takesAtLeastBatchSaveWhereThereIsSoMuch() {
    // 50 numbers: a sixteenth would be 3
    assertThat(Allocation.next(stored(0, 9_493), wish(900)).size()).isEqualTo(5);
    // 3 numbers
    assertThat(Allocation.next(stored(0, 9_963), wish(900))).isEqualTo(new Grant(0, 9_973, 3, 700));
  }

  @Test
  void takesOneNumberAtLeast() {
    assertThat(Allocation.next(null, wish(0)).size()).isEqualTo(1);
  }

  @Test
  void tellsWhenNothingIsLeft() {
    assertThat(Allocation.next(stored(0, 9_993), wish(20))).isEqualTo(Grant.exhausted(0, 700));
    assertThat(Allocation.next(stored(0, Long.MAX_VALUE), wish(20)).size()).isZero();
  }

  @Test
  void theLargestRangeIsUsedToItsEnd() {
    NumberRange all = new NumberRange(0, Long.MAX_VALUE, 1, 0);
    Wish wish = wish(all, 0, 20, NO_PERIOD, NOTHING);

    assertThat(Allocation.next(null, wish)).isEqualTo(new Grant(0, 0, 20, 700));
    Grant last = Allocation.next(stored(0, Long.MAX_VALUE - 2), wish);
    assertThat(last).isEqualTo(new Grant(0, Long.MAX_VALUE - 1, 2, 700));
    assertThat(Allocation.after(last, wish).reserved()).isEqualTo(Long.MAX_VALUE);
    assertThat(Allocation.next(stored(0, Long.MAX_VALUE), wish).size()).isZero();
  }
}
