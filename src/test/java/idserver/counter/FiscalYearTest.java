package idserver.counter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalDate;
import java.time.MonthDay;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FiscalYearTest {
  private static FiscalYear from(String start) {
    return FiscalYear.beginning(start).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "04-01, 2026-03-31, 2026, 4",
    "04-01, 2026-04-01, 2027, 1",
    "04-01, 2026-06-30, 2027, 1",
    "04-01, 2026-07-01, 2027, 2",
    "04-01, 2026-12-31, 2027, 3",
    "04-01, 2027-01-01, 2027, 4",
    "01-01, 2026-01-01, 2026, 1",
    "01-01, 2026-12-31, 2026, 4",
    "10-01, 2026-09-30, 2026, 4",
    "10-01, 2026-10-01, 2027, 1",
    "04-06, 2026-04-05, 2026, 4",
    "04-06, 2026-04-06, 2027, 1",
    "04-06, 2026-07-05, 2027, 1",
    "04-06, 2026-07-06, 2027, 2",
    // a quarter begins on the last day where a month is too short
    "08-31, 2026-11-29, 2027, 1",
    "08-31, 2026-11-30, 2027, 2",
    "08-31, 2027-02-28, 2027, 3",
    "08-31, 2027-05-31, 2027, 4",
    "02-28, 2028-02-29, 2029, 1",
    "03-01, 2028-02-29, 2028, 4",
    "12-31, 2026-12-31, 2027, 1",
  })
  void isNamedByTheYearInWhichItEnds(String start, LocalDate day, int year, int quarter) {
    assertThat(from(start).yearOf(day)).isEqualTo(year);
    assertThat(from(start).quarterOf(day)).isEqualTo(quarter);
  }

  @ParameterizedTest
  @ValueSource(strings = {"01-01", "04-01", "07-01", "08-31", "02-28", "12-31"})
  void eachDayIsBetweenTheBeginsOfItsYearAndQuarterAndTheNext(String start) {
    FiscalYear fiscal = from(start);
    LocalDate end = LocalDate.of(2032, 1, 1);
    for (LocalDate day = LocalDate.of(2024, 1, 1); day.isBefore(end); day = day.plusDays(1)) {
      int year = fiscal.yearOf(day);
      int quarter = fiscal.quarterOf(day);
      assertThat(fiscal.begin(year)).isBeforeOrEqualTo(day);
      assertThat(fiscal.nextBegin(day)).isAfter(day).isEqualTo(fiscal.begin(year + 1));
      assertThat(fiscal.begin(year, quarter)).isBeforeOrEqualTo(day);
      LocalDate next = quarter == 4 ? fiscal.begin(year + 1) : fiscal.begin(year, quarter + 1);
      assertThat(next).isAfter(day);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "4-1", "04-1", "04-31", "13-01", "00-01", "02-29", "02-30", "2026-04-01"})
  void aDayThatIsNotInEachYearIsNone(String start) {
    assertThat(FiscalYear.beginning(start)).isEmpty();
  }

  @Test
  void doesNotBeginOnTheLeapDay() {
    assertThatThrownBy(() -> new FiscalYear(MonthDay.of(2, 29)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("02-29");
  }
}
