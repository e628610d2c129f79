package idserver.counter;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.MonthDay;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which day fiscal years begin on. Immutable.
 *
 * <p>A fiscal year is named by the calendar year in which it ends: one that begins on April 1, 2026
 * ends on March 31, 2027, and is 2027. One that begins on January 1 is the calendar year. It has
 * four quarters of three months each, counted from its first day.
 *
 * @param start that day, each year; not February 29, which most years do not have
 */
public record FiscalYear(MonthDay start) {
  /** The calendar year. */
  public static final FiscalYear CALENDAR = new FiscalYear(MonthDay.of(1, 1));

  private static final Pattern MONTH_DAY = Pattern.compile("[0-9]{2}-[0-9]{2}");
  private static final MonthDay LEAP_DAY = MonthDay.of(2, 29);
  private static final int QUARTERS = 4;
  private static final int MONTHS_OF_A_QUARTER = 3;

  public FiscalYear {
    if (start.equals(LEAP_DAY)) {
      throw new IllegalArgumentException("a fiscal year does not begin on 02-29");
    }
  }

  /** The one that begins on that day, such as {@code 04-01}; empty where it is none. */
  public static Optional<FiscalYear> beginning(String monthAndDay) {
    if (!MONTH_DAY.matcher(monthAndDay).matches()) {
      return Optional.empty();
    }
    try {
      MonthDay start = MonthDay.parse("--" + monthAndDay);
      return start.equals(LEAP_DAY) ? Optional.empty() : Optional.of(new FiscalYear(start));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** The name of the fiscal year of that day: the calendar year in which it ends. */
  public int yearOf(LocalDate date) {
    int begun = start.atYear(date.getYear()).isAfter(date) ? date.getYear() - 1 : date.getYear();
    return begun + yearsToItsEnd();
  }

  /** The quarter of the fiscal year that day is in, 1 to 4. */
  public int quarterOf(LocalDate date) {
    LocalDate begin = begin(yearOf(date));
    int quarter = QUARTERS;
    while (quarter > 1 && date.isBefore(beginOf(begin, quarter))) {
      quarter--;
    }
    return quarter;
  }

  /** The first day of the fiscal year that follows that of this day. */
  public LocalDate nextBegin(LocalDate date) {
    return begin(yearOf(date) + 1);
  }

  /** The first day of the fiscal year of that name. */
  LocalDate begin(int year) {
    return start.atYear(year - yearsToItsEnd());
  }

  /** The first day of that quarter, 1 to 4, of the fiscal year of that name. */
  LocalDate begin(int year, int quarter) {
    return beginOf(begin(year), quarter);
  }

  private static LocalDate beginOf(LocalDate year, int quarter) {
    // from the year's first day each: of a 31st the day would else not come back
    return year.plusMonths((long) MONTHS_OF_A_QUARTER * (quarter - 1));
  }

  private int yearsToItsEnd() {
    return equals(CALENDAR) ? 0 : 1;
  }
}
