package idserver.counter;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How often a counter starts again. Immutable.
 *
 * <p>A period is told by its start on the local clock, as seconds since 1970-01-01T00:00 read on
 * that same clock. So the day changes when the date does, in every time zone and at the hours at
 * which summer time begins and ends.
 *
 * <p>A fiscal year or quarter is told by the start of the calendar year or quarter of its name. So
 * one name is one period, and a later name a later period, also where a rule has been given another
 * first day of the fiscal year.
 */
public final class Period {
  /** Never starts again. */
  public static final Period NEVER = new Period(Unit.NEVER, 0, FiscalYear.CALENDAR);

  private static final int SECONDS_OF_A_DAY = 86_400;
  private static final int MONTHS_OF_A_QUARTER = 3;

  private enum Unit {
    HOUR,
    DAY,
    WEEK,
    MONTH,
    QUARTER,
    YEAR,
    FISCAL_QUARTER,
    FISCAL_YEAR,
    NEVER,
    SECONDS;

    boolean isFiscal() {
      return this == FISCAL_QUARTER || this == FISCAL_YEAR;
    }
  }

  private final Unit unit;
  private final long seconds;
  private final FiscalYear fiscalYear;

  private Period(Unit unit, long seconds, FiscalYear fiscalYear) {
    this.unit = unit;
    this.seconds = seconds;
    this.fiscalYear = fiscalYear;
  }

  /**
   * A period of so many seconds, counted from 1970-01-01T00:00 on the local clock: 86400 begins at
   * local midnight.
   *
   * @param seconds length; below 1 is {@link #NEVER}
   */
  public static Period ofSeconds(long seconds) {
    return seconds < 1 ? NEVER : new Period(Unit.SECONDS, seconds, FiscalYear.CALENDAR);
  }

  /** The calendar period of that name (see {@link #names}), or empty when there is none. */
  public static Optional<Period> named(String name) {
    return named(name, FiscalYear.CALENDAR);
  }

  /**
   * The same, where fiscal years begin on another day than the calendar's.
   *
   * @param fiscalYear of no meaning for the other periods
   */
  public static Optional<Period> named(String name, FiscalYear fiscalYear) {
    return Arrays.stream(Unit.values())
        .filter(unit -> unit != Unit.SECONDS && lowerCase(unit).equals(name))
        .map(unit -> unit == Unit.NEVER ? NEVER : calendar(unit, fiscalYear))
        .findFirst();
  }

  private static Period calendar(Unit unit, FiscalYear fiscalYear) {
    return new Period(unit, 0, unit.isFiscal() ? fiscalYear : FiscalYear.CALENDAR);
  }

  /** The names of the calendar periods, for messages. */
  public static String names() {
    return Arrays.stream(Unit.values())
        .filter(unit -> unit != Unit.SECONDS)
        .map(Period::lowerCase)
        .collect(Collectors.joining(", "));
  }

  /** The start of the period that {@code time} lies in, in seconds of the local clock. */
  public long startOf(LocalDateTime time) {
    return switch (unit) {
      case NEVER -> 0;
      case SECONDS -> Math.floorDiv(time.toEpochSecond(ZoneOffset.UTC), seconds) * seconds;
      case HOUR -> time.truncatedTo(ChronoUnit.HOURS).toEpochSecond(ZoneOffset.UTC);
      case DAY -> startOfDay(time.toLocalDate());
      case WEEK ->
          startOfDay(time.toLocalDate().with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)));
      case MONTH -> startOfDay(time.toLocalDate().withDayOfMonth(1));
      case QUARTER -> startOfDay(time.toLocalDate().with(IsoFields.DAY_OF_QUARTER, 1));
      case YEAR -> startOfDay(time.toLocalDate().withDayOfYear(1));
      case FISCAL_QUARTER -> startOfFiscalQuarter(time.toLocalDate());
      case FISCAL_YEAR ->
          startOfDay(LocalDate.of(fiscalYear.yearOf(time.toLocalDate()), Month.JANUARY, 1));
    };
  }

  private long startOfFiscalQuarter(LocalDate date) {
    int month = MONTHS_OF_A_QUARTER * (fiscalYear.quarterOf(date) - 1) + 1;
    return startOfDay(LocalDate.of(fiscalYear.yearOf(date), month, 1));
  }

  /**
   * When the period that is told by that start begins, in seconds of the local clock: then, but for
   * fiscal ones.
   *
   * @param start as {@link #startOf} tells it, of this period or of another that a rule has had
   */
  public long beginOf(long start) {
    // asked for each request: most periods begin when they say
    return unit.isFiscal() ? beginOfFiscal(start) : start;
  }

  private long beginOfFiscal(long start) {
    long day = Math.floorDiv(start, SECONDS_OF_A_DAY);
    if (!ChronoField.EPOCH_DAY.range().isValidValue(day)) {
      return start; // none yet
    }
    LocalDate named = LocalDate.ofEpochDay(day);
    return startOfDay(
        unit == Unit.FISCAL_YEAR
            ? fiscalYear.begin(named.getYear())
            : fiscalYear.begin(named.getYear(), named.get(IsoFields.QUARTER_OF_YEAR)));
  }

  /**
   * When the period of this kind ends that the other begins in or is, in seconds of the local
   * clock; {@link Long#MAX_VALUE} where it never does.
   *
   * @param start as {@link #startOf} tells it, of this period or of another that a rule has had
   */
  public long endOf(long start) {
    if (unit == Unit.NEVER) {
      return Long.MAX_VALUE;
    }
    long day = Math.floorDiv(start, SECONDS_OF_A_DAY);
    if (!ChronoField.EPOCH_DAY.range().isValidValue(day)) {
      return start; // none yet
    }
    LocalDateTime within = LocalDateTime.ofEpochSecond(start, 0, ZoneOffset.UTC);
    return switch (unit) {
      case NEVER -> Long.MAX_VALUE;
      case SECONDS -> startOf(within) + seconds;
      case HOUR -> startOf(within.plusHours(1));
      case DAY -> startOf(within.plusDays(1));
      case WEEK -> startOf(within.plusWeeks(1));
      case MONTH -> startOf(within.plusMonths(1));
      case QUARTER -> startOf(within.plusMonths(MONTHS_OF_A_QUARTER));
      case YEAR -> startOf(within.plusYears(1));
      // told by the year and quarter of their names
      case FISCAL_QUARTER ->
          beginOfFiscal(startOfDay(within.toLocalDate().plusMonths(MONTHS_OF_A_QUARTER)));
      case FISCAL_YEAR -> beginOfFiscal(startOfDay(within.toLocalDate().plusYears(1)));
    };
  }

  /** Which fiscal year it is, or a quarter of; empty for the other periods. */
  public Optional<FiscalYear> fiscalYear() {
    return unit.isFiscal() ? Optional.of(fiscalYear) : Optional.empty();
  }

  private static long startOfDay(LocalDate date) {
    return date.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
  }

  private static String lowerCase(Unit unit) {
    return unit.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Period that
        && that.unit == unit
        && that.seconds == seconds
        && that.fiscalYear.equals(fiscalYear);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * unit.hashCode() + Long.hashCode(seconds)) + fiscalYear.hashCode();
  }

  @Override
  public String toString() {
    return unit == Unit.SECONDS ? seconds + " s" : lowerCase(unit);
  }
}
