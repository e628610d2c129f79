package idserver.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodTest {
  private static final Period DAY = Period.named("day").orElseThrow();

  private static LocalDateTime startOf(Period period, String time) {
    return LocalDateTime.ofEpochSecond(
        period.startOf(LocalDateTime.parse(time)), 0, ZoneOffset.UTC);
  }

  @ParameterizedTest
  @CsvSource({
    "hour,    2026-11-22T13:59:59, 2026-11-22T13:00",
    "hour,    2026-11-22T14:00:00, 2026-11-22T14:00",
    "day,     2026-11-22T23:59:59, 2026-11-22T00:00",
    "day,     2026-11-23T00:00:00, 2026-11-23T00:00",
    "week,    2026-11-22T23:59:59, 2026-11-16T00:00",
    "week,    2026-11-23T00:00:00, 2026-11-23T00:00",
    "month,   2026-02-28T23:59:59, 2026-02-01T00:00",
    "month,   2028-02-29T12:00:00, 2028-02-01T00:00",
    "month,   2026-03-01T00:00:00, 2026-03-01T00:00",
    "quarter, 2026-03-31T23:59:59, 2026-01-01T00:00",
    "quarter, 2026-04-01T00:00:00, 2026-04-01T00:00",
    "quarter, 2026-12-31T23:59:59, 2026-10-01T00:00",
    "year,    2026-12-31T23:59:59, 2026-01-01T00:00",
    "year,    2027-01-01T00:00:00, 2027-01-01T00:00",
    "never,   2026-11-22T13:59:59, 1970-01-01T00:00",
  })
  void aCalendarPeriodBeginsOnTheLocalClock(String name, String time, String start) {
    assertThat(startOf(Period.named(name).orElseThrow(), time)).isEqualTo(start);
  }

  @ParameterizedTest
  @CsvSource({
    "fiscal_year,    04-01, 2026-03-31T23:59:59, 2026-01-01T00:00, 2025-04-01T00:00",
    "fiscal_year,    04-01, 2026-04-01T00:00:00, 2027-01-01T00:00, 2026-04-01T00:00",
    "fiscal_year,    01-01, 2026-12-31T23:59:59, 2026-01-01T00:00, 2026-01-01T00:00",
    "fiscal_quarter, 04-01, 2026-03-31T23:59:59, 2026-10-01T00:00, 2026-01-01T00:00",
    "fiscal_quarter, 04-01, 2026-04-01T00:00:00, 2027-01-01T00:00, 2026-04-01T00:00",
    "fiscal_quarter, 04-01, 2026-07-01T00:00:00, 2027-04-01T00:00, 2026-07-01T00:00",
    "fiscal_quarter, 04-06, 2027-01-05T23:59:59, 2027-07-01T00:00, 2026-10-06T00:00",
  })
  void aFiscalPeriodIsToldByTheCalendarPeriodOfItsName(
      String name, String start, String time, String told, String begins) {
    Period period = Period.named(name, FiscalYear.beginning(start).orElseThrow()).orElseThrow();

    assertThat(startOf(period, time)).isEqualTo(told);
    assertThat(
            LocalDateTime.ofEpochSecond(
                period.beginOf(period.startOf(LocalDateTime.parse(time))), 0, ZoneOffset.UTC))
        .isEqualTo(begins);
  }

  @Test
  void anotherStartOfTheFiscalYearMakesNoSecondPeriodOfOneName() {
    Period april = Period.named("fiscal_year", fiscal("04-01")).orElseThrow();
    Period calendar = Period.named("fiscal_year", fiscal("01-01")).orElseThrow();

    assertThat(startOf(april, "2026-11-23T12:00:00"))
        .isEqualTo(startOf(calendar, "2027-03-01T12:00:00"))
        .isAfter(startOf(calendar, "2026-11-23T12:00:00"));
    assertThat(april).isNotEqualTo(calendar).hasToString("fiscal_year");
    assertThat(april).isEqualTo(Period.named("fiscal_year", fiscal("04-01")).orElseThrow());
    assertThat(Period.named("year", fiscal("04-01"))).isEqualTo(Period.named("year"));
  }

  @Test
  void beforeTheFirstPeriodThereIsNoBegin() {
    Period period = Period.named("fiscal_year", fiscal("04-01")).orElseThrow();

    assertThat(period.beginOf(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
    assertThat(DAY.beginOf(Long.MIN_VALUE)).isEqualTo(Long.MIN_VALUE);
    assertThat(DAY.beginOf(86_400)).isEqualTo(86_400);
  }

  private static FiscalYear fiscal(String start) {
    return FiscalYear.beginning(start).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-12-31T23:59:59, 2026-12-28T00:00",
    "2027-01-01T00:00:00, 2026-12-28T00:00",
    "2027-01-03T23:59:59, 2026-12-28T00:00",
    "2027-01-04T00:00:00, 2027-01-04T00:00",
    "2020-12-31T12:00:00, 2020-12-28T00:00",
    "2021-01-03T12:00:00, 2020-12-28T00:00",
  })
  void aWeekGoesOnOverTheEndOfTheYear(String time, String start) {
    assertThat(startOf(Period.named("week").orElseThrow(), time)).isEqualTo(start);
  }

  @ParameterizedTest
  @CsvSource({
    "86400, 2026-11-22T23:59:59, 2026-11-22T00:00",
    "86400, 1969-12-31T23:59:59, 1969-12-31T00:00",
    "3600,  2026-11-22T13:59:59, 2026-11-22T13:00",
    "900,   2026-11-22T13:59:59, 2026-11-22T13:45",
    "1,     2026-11-22T13:59:59, 2026-11-22T13:59:59",
    // 1970-01-01 was a Thursday, so weeks of seconds begin on one
    "604800, 2026-11-22T13:59:59, 2026-11-19T00:00",
  })
  void secondsAreAlignedToTheLocalClock(long seconds, String time, String start) {
    assertThat(startOf(Period.ofSeconds(seconds), time)).isEqualTo(start);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void belowOneSecondIsNever(long seconds) {
    assertThat(Period.ofSeconds(seconds)).isEqualTo(Period.NEVER);
    assertThat(startOf(Period.ofSeconds(seconds), "2026-11-22T13:59:59"))
        .isEqualTo(startOf(Period.NEVER, "1999-01-01T00:00:00"));
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin,    2026-03-01, 2026-04-15",
    "Europe/Berlin,    2026-10-01, 2026-11-15",
    "America/New_York, 2026-03-01, 2026-04-15",
    "America/New_York, 2026-10-15, 2026-11-15",
    // no summer time today, but from 1986 to 1991
    "Asia/Shanghai,    2026-03-01, 2026-04-15",
    "Asia/Shanghai,    1988-04-01, 1988-05-15",
    "Asia/Shanghai,    1988-09-01, 1988-10-01",
    // summer time begins at midnight: that day has no 00:00
    "America/Santiago, 2026-08-25, 2026-09-20",
  })
  void theDayChangesWithTheDateAlsoWhenSummerTimeComesAndGoes(
      String zone, LocalDate from, LocalDate to) {
    ZoneId id = ZoneId.of(zone);
    Period seconds = Period.ofSeconds(86_400);
    long end = to.atStartOfDay(id).toEpochSecond();
    for (long second = from.atStartOfDay(id).toEpochSecond(); second < end; second += 300) {
      LocalDateTime local = LocalDateTime.ofInstant(Instant.ofEpochSecond(second), id);
      long midnight = local.toLocalDate().atStartOfDay().toEpochSecond(ZoneOffset.UTC);
      assertThat(DAY.startOf(local)).as(local.toString()).isEqualTo(midnight);
      assertThat(seconds.startOf(local)).as(local.toString()).isEqualTo(midnight);
    }
  }

  @Test
  void theHourThatComesTwiceIsOnePeriod() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    Period hour = Period.named("hour").orElseThrow();
    // 2026-10-25T02:30 in summer time, and the same reading an hour later
    long first = Instant.parse("2026-10-25T00:30:00Z").getEpochSecond();

    assertThat(hour.startOf(Moment.of(first, berlin).local()))
        .isEqualTo(hour.startOf(Moment.of(first + 3600, berlin).local()));
  }

  @Test
  void aNameThatIsNoneIsTold() {
    assertThat(Period.named("seconds")).isEmpty();
    assertThat(Period.named("Day")).isEmpty();
    assertThat(Period.named("")).isEmpty();
    assertThat(Period.names())
        .isEqualTo("hour, day, week, month, quarter, year, fiscal_quarter, fiscal_year, never");
  }

  @Test
  void equalsWhatComesFromTheSameRule() {
    assertThat(Period.named("day")).contains(DAY);
    assertThat(Period.ofSeconds(60)).isEqualTo(Period.ofSeconds(60));
    assertThat(Period.ofSeconds(60)).hasSameHashCodeAs(Period.ofSeconds(60));
    assertThat(Period.ofSeconds(60)).isNotEqualTo(Period.ofSeconds(61));
    // they begin at the same time, and yet a rule that changed from one to the other has changed
    assertThat(Period.ofSeconds(86_400)).isNotEqualTo(DAY);
    assertThat(DAY).hasToString("day");
    assertThat(Period.ofSeconds(60)).hasToString("60 s");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hour",
        "day",
        "week",
        "month",
        "quarter",
        "year",
        "fiscal_quarter",
        "fiscal_year"
      })
  void aPeriodEndsWhereTheNextOneBegins(String name) {
    SplittableRandom random = new SplittableRandom(20_261_123);
    for (String start : List.of("01-01", "04-06", "10-01")) {
      Period period = Period.named(name, FiscalYear.beginning(start).orElseThrow()).orElseThrow();
      for (int i = 0; i < 2_000; i++) {
        long second = random.nextLong(1_600_000_000, 2_500_000_000L);
        LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
        long end = period.endOf(period.startOf(time));
        LocalDateTime ends = LocalDateTime.ofEpochSecond(end, 0, ZoneOffset.UTC);

        assertThat(end).as("%s from %s of %s", name, start, time).isGreaterThan(second);
        assertThat(period.beginOf(period.startOf(ends))).isEqualTo(end);
        assertThat(period.startOf(ends.minusSeconds(1))).isEqualTo(period.startOf(time));
      }
    }
  }

  @Test
  void aPeriodOfSecondsEndsAfterThem() {
    assertThat(Period.ofSeconds(1_800).endOf(7_200)).isEqualTo(9_000);
    // as a rule left it that had others
    assertThat(Period.ofSeconds(1_800).endOf(7_201)).isEqualTo(9_000);
    assertThat(Period.NEVER.endOf(0)).isEqualTo(Long.MAX_VALUE);
  }
}
