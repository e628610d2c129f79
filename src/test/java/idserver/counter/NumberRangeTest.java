package idserver.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumberRangeTest {
  private static final long MAX = Long.MAX_VALUE;

  @Test
  void aFreshCounterBeginsAtMinPlusOffset() {
    NumberRange range = new NumberRange(100, 999, 10, 3);

    assertThat(range.first()).isEqualTo(103);
    assertThat(range.firstAbove(NumberRange.NOTHING_RESERVED)).isEqualTo(103);
    assertThat(range.firstAbove(-1)).isEqualTo(103);
  }

  @ParameterizedTest
  @CsvSource({
    "102, 103",
    "103, 113",
    "104, 113",
    "112, 113",
    "113, 123",
    "982, 983",
    "983, 993",
  })
  void goesOnAboveAnyNumberInItsOwnResidue(long reserved, long first) {
    assertThat(new NumberRange(100, 999, 10, 3).firstAbove(reserved)).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource({"993", "994", "999", "1000", "9223372036854775807"})
  void holdsNothingAboveItsLastNumber(long reserved) {
    assertThat(new NumberRange(100, 999, 10, 3).firstAbove(reserved)).isEqualTo(NumberRange.NONE);
  }

  @Test
  void theMaximumItselfIsANumberWhereTheStepHitsIt() {
    assertThat(new NumberRange(0, 9, 3, 0).firstAbove(6)).isEqualTo(9);
    assertThat(new NumberRange(0, 8, 3, 0).firstAbove(6)).isEqualTo(NumberRange.NONE);
  }

  @Test
  void countsToTheEnd() {
    NumberRange range = new NumberRange(100, 999, 10, 3);

    assertThat(range.countFrom(103)).isEqualTo(90);
    assertThat(range.countFrom(993)).isEqualTo(1);
  }

  @Test
  void reachesTheLargestLongWithoutOverflow() {
    NumberRange range = new NumberRange(MAX - 10, MAX, 4, 2);

    assertThat(range.firstAbove(MAX - 9)).isEqualTo(MAX - 8);
    assertThat(range.firstAbove(MAX - 5)).isEqualTo(MAX - 4);
    assertThat(range.firstAbove(MAX - 4)).isEqualTo(MAX);
    assertThat(range.firstAbove(MAX)).isEqualTo(NumberRange.NONE);
    assertThat(range.countFrom(MAX - 8)).isEqualTo(3);
    assertThat(range.countFrom(MAX)).isEqualTo(1);
  }

  @Test
  void aStepBeyondTheEndDoesNotOverflow() {
    NumberRange range = new NumberRange(0, MAX, MAX, 5);

    assertThat(range.firstAbove(4)).isEqualTo(5);
    assertThat(range.firstAbove(5)).isEqualTo(NumberRange.NONE);
    assertThat(range.firstAbove(MAX)).isEqualTo(NumberRange.NONE);
  }

  @Test
  void holdsAllLongsFromZeroUp() {
    NumberRange range = new NumberRange(0, MAX, 1, 0);

    assertThat(range.firstAbove(MAX - 1)).isEqualTo(MAX);
    assertThat(range.firstAbove(MAX)).isEqualTo(NumberRange.NONE);
    // there is one more than a long can tell
    assertThat(range.countFrom(0)).isEqualTo(MAX);
    assertThat(range.countFrom(1)).isEqualTo(MAX);
    assertThat(range.countFrom(2)).isEqualTo(MAX - 1);
  }

  @ParameterizedTest
  @CsvSource({
    "-1,  9, 1, 0, min_counter must be >= 0: -1",
    " 9,  9, 1, 0, 'max_counter must be > min_counter: min_counter=9, max_counter=9'",
    " 9,  8, 1, 0, 'max_counter must be > min_counter: min_counter=9, max_counter=8'",
    " 0,  9, 0, 0, id_step must be >= 1: 0",
    " 0,  9, 2, 2, 'id_offset must be 0 to id_step - 1: id_offset=2, id_step=2'",
    " 0,  9, 2,-1, 'id_offset must be 0 to id_step - 1: id_offset=-1, id_step=2'",
    " 5,  9, 9, 5, 'no number is left for this server: min_counter + id_offset is above"
        + " max_counter=9'",
  })
  void refusesWhatIsNoRangeAndSaysWhy(long min, long max, long step, long offset, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NumberRange(min, max, step, offset))
        .withMessage(why);
  }

  @Test
  void oneNumberIsEnough() {
    assertThat(new NumberRange(5, 9, 9, 4).first()).isEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource({"99, 0", "103, 0.0044", "553, 0.5044", "983, 0.9822", "993, 1", "999, 1"})
  void tellsWhichShareOfItIsUsed(long number, double share) {
    assertThat(new NumberRange(100, 999, 10, 3).shareUpTo(number)).isCloseTo(share, within(0.0001));
  }

  @Test
  void tellsTheShareOfTheLargestRangeThereIs() {
    NumberRange range = new NumberRange(0, MAX, 1, 0);

    assertThat(range.shareUpTo(MAX / 2)).isCloseTo(0.5, within(0.0001));
    assertThat(range.shareUpTo(MAX)).isEqualTo(1);
  }
}
