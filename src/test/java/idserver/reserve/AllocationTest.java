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
  private static final Period DAY = Period.ofSeconds(86_400);
  private static final NumberRange RANGE = new NumberRange(1_000, 9_999, 10, 3);

  private static Wish wish(NumberRange range, long period, long size, long known, long reserved) {
    Numbering numbering = new Numbering(range, DAY, 5);
    return new Wish(
        new CounterKey("rule", "app"), numbering, period, size, known, 0, reserved, 700);
  }

  private static Wish wish(long size) {
    return wish(RANGE, 0, size, NO_PERIOD, NOTHING);
  }

  private static CounterState stored(long period, long reserved) {
    return new CounterState(period, 0, reserved, 600);
  }

  @Test
  void beginsAtTheFirstNumberWhenNothingIsStored() {
    assertThat(Allocation.next(null, wish(20))).isEqualTo(new Grant(0, 86_400, 1_003, 20, 700));
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
        .isEqualTo(new CounterState(0, 86_400, 1_203, 700));
  }

  @Test
  void theLatestTimeWins() {
    CounterState later = new CounterState(0, 0, 1_003, 800);

    assertThat(Allocation.next(later, wish(20)).epochSecond()).isEqualTo(800);
    assertThat(Allocation.next(stored(0, 1_003), wish(20)).epochSecond()).isEqualTo(700);
  }

  @Test
  void aLaterPeriodBeginsAgain() {
    Wish tomorrow = wish(RANGE, 86_400, 20, 0, 5_003);

    assertThat(Allocation.next(stored(0, 5_003), tomorrow))
        .isEqualTo(new Grant(86_400, 172_800, 1_003, 20, 700));
  }

  @Test
  void aRowThatPromisesLessThanWasGrantedIsRepaired() {
    Wish knowing = wish(RANGE, 0, 20, 0, 5_003);

    assertThat(Allocation.next(stored(0, 5_003), knowing).repaired()).isFalse();
    assertThat(Allocation.next(stored(0, 6_003), knowing).repaired()).isFalse();
    assertThat(Allocation.next(stored(86_400, 1_003), knowing).repaired()).isFalse();
    assertThat(Allocation.next(stored(0, 4_993), knowing))
        .isEqualTo(new Grant(0, 86_400, 5_013, 20, 700, true));
    assertThat(Allocation.next(null, knowing))
        .isEqualTo(new Grant(0, 86_400, 5_013, 20, 700, true));
  }

  @Test
  void anEarlierPeriodNeverComesBack() {
    assertThat(Allocation.next(stored(86_400, 5_003), wish(20)))
        .isEqualTo(new Grant(86_400, 172_800, 5_013, 20, 700));
    assertThat(Allocation.next(stored(0, 2_003), wish(RANGE, 0, 20, 86_400, 5_003)))
        .isEqualTo(new Grant(86_400, 172_800, 5_013, 20, 700, true));
    assertThat(Allocation.next(stored(86_400, 2_003), wish(RANGE, 0, 20, 0, 5_003)))
        .isEqualTo(new Grant(86_400, 172_800, 2_013, 20, 700));
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
    assertThat(Allocation.next(stored(0, 9_963), wish(900)))
        .isEqualTo(new Grant(0, 86_400, 9_973, 3, 700));
  }

  @Test
  void takesOneNumberAtLeast() {
    assertThat(Allocation.next(null, wish(0)).size()).isEqualTo(1);
  }

  @Test
  void tellsWhenNothingIsLeft() {
    assertThat(Allocation.next(stored(0, 9_993), wish(20)))
        .isEqualTo(Grant.exhausted(0, 86_400, 700));
    assertThat(Allocation.next(stored(0, Long.MAX_VALUE), wish(20)).size()).isZero();
  }

  @Test
  void theLargestRangeIsUsedToItsEnd() {
    NumberRange all = new NumberRange(0, Long.MAX_VALUE, 1, 0);
    Wish wish = wish(all, 0, 20, NO_PERIOD, NOTHING);

    assertThat(Allocation.next(null, wish)).isEqualTo(new Grant(0, 86_400, 0, 20, 700));
    Grant last = Allocation.next(stored(0, Long.MAX_VALUE - 2), wish);
    assertThat(last).isEqualTo(new Grant(0, 86_400, Long.MAX_VALUE - 1, 2, 700));
    assertThat(Allocation.after(last, wish).reserved()).isEqualTo(Long.MAX_VALUE);
    assertThat(Allocation.next(stored(0, Long.MAX_VALUE), wish).size()).isZero();
  }

  private static Wish of(Period period, boolean shared, long start) {
    NumberRange range = shared ? NumberRange.shared(0, 9_999) : RANGE;
    return new Wish(
        new CounterKey("rule", "app"),
        new Numbering(range, period, 5),
        start,
        20,
        NO_PERIOD,
        0,
        NOTHING,
        700);
  }

  private static final long JANUARY = 1_767_225_600; // 2026
  private static final long NOVEMBER = 1_793_491_200;
  private static final long DECEMBER = 1_796_083_200;
  private static final long NEXT_JANUARY = 1_798_761_600;
  private static final Period MONTH = Period.named("month").orElseThrow();

  @Test
  void aShorterPeriodThanBeforeGoesOnUntilItsOwnEnd() {
    CounterState ofTheYear = new CounterState(JANUARY, NEXT_JANUARY, 5_003, 600);

    Wish inNovember = of(MONTH, false, NOVEMBER);
    Grant first = Allocation.next(ofTheYear, inNovember);
    assertThat(first).isEqualTo(new Grant(NOVEMBER, DECEMBER, 5_013, 20, 700));

    CounterState after = Allocation.after(ofTheYear, first, inNovember).orElseThrow();
    assertThat(Allocation.next(after, of(MONTH, false, DECEMBER)).first()).isEqualTo(1_003);
  }

  @Test
  void aShorterPeriodGoesOnWhereOthersMayHaveBlocksOfTheLongerOne() {
    CounterState ofTheYear = new CounterState(JANUARY, NEXT_JANUARY, 5_003, 600);

    Wish inNovember = of(MONTH, true, NOVEMBER);
    Grant first = Allocation.next(ofTheYear, inNovember);
    assertThat(first).isEqualTo(new Grant(NOVEMBER, NEXT_JANUARY, 5_004, 20, 700));

    CounterState after = Allocation.after(ofTheYear, first, inNovember).orElseThrow();
    Grant inDecember = Allocation.next(after, of(MONTH, true, DECEMBER));
    assertThat(inDecember).isEqualTo(new Grant(DECEMBER, NEXT_JANUARY, 5_024, 20, 700));
    assertThat(Allocation.next(after, of(MONTH, true, NEXT_JANUARY)).first()).isZero();
  }

  @Test
  void aShorterPeriodThatIsExhaustedBeginsAgainWithTheNext() {
    CounterState used = new CounterState(JANUARY, NEXT_JANUARY, 9_993, 600);

    Wish inNovember = of(MONTH, false, NOVEMBER);
    Grant none = Allocation.next(used, inNovember);
    assertThat(none.size()).isZero();

    CounterState after = Allocation.after(used, none, inNovember).orElseThrow();
    assertThat(Allocation.after(after, Allocation.next(after, inNovember), inNovember)).isEmpty();
    assertThat(Allocation.next(after, of(MONTH, false, DECEMBER)).first()).isEqualTo(1_003);
  }

  @Test
  void whatThisServerKnowsOfALongerPeriodIsNotForgottenWithTheDatabase() {
    Wish wish =
        new Wish(
            new CounterKey("rule", "app"),
            new Numbering(RANGE, MONTH, 5),
            NOVEMBER,
            20,
            JANUARY,
            NEXT_JANUARY,
            5_003,
            700);

    assertThat(Allocation.next(null, wish).first()).isEqualTo(5_013);
    assertThat(Allocation.next(new CounterState(JANUARY, NEXT_JANUARY, 1_003, 600), wish))
        .isEqualTo(new Grant(NOVEMBER, DECEMBER, 5_013, 20, 700, true));
  }

  @Test
  void aCounterThatNeverStartedAgainGoesOnInTheDayThatItIsGivenOne() {
    CounterState forever = new CounterState(0, Long.MAX_VALUE, 5_003, 600);

    assertThat(Allocation.next(forever, of(DAY, false, NOVEMBER)))
        .isEqualTo(new Grant(NOVEMBER, NOVEMBER + 86_400, 5_013, 20, 700));
  }
}
