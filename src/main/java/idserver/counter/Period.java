package idserver.counter;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
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
 */
public final class Period {
  /** Never starts again. */
  public static final Period NEVER = new Period(Unit.NEVER, 0);

  private enum Unit {
    HOUR,
    DAY,
    WEEK,
    MONTH,
    QUARTER,
    YEAR,
    NEVER,
    SECONDS
  }

  private final Unit unit;
  private final long seconds;

  private Period(Unit unit, long seconds) {
    this.unit = unit;
    this.seconds = seconds;
  }

  /**
   * A period of so many seconds, counted from 1970-01-01T00:00 on the local clock: 86400 begins at
   * local midnight.
   *
   * @param seconds length; below 1 is {@link #NEVER}
   */
  public static Period ofSeconds(long seconds) {
    return seconds < 1 ? NEVER : new Period(Unit.SECONDS, seconds);
  }

  /** The calendar period of that name (see {@link #names}), or empty when there is none. */
  public static Optional<Period> named(String name) {
    return Arrays.stream(Unit.values())
        .filter(unit -> unit != Unit.SECONDS && lowerCase(unit).equals(name))
        .map(unit -> unit == Unit.NEVER ? NEVER : new Period(unit, 0))
        .findFirst();
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
    };
  }

  private static long startOfDay(LocalDate date) {
    return date.atStartOfDay().toEpochSecond(ZoneOffset.UTC);
  }

  private static String lowerCase(Unit unit) {
    return unit.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Period that && that.unit == unit && that.seconds == seconds;
  }

  @Override
  public int hashCode() {
    return 31 * unit.hashCode() + Long.hashCode(seconds);
  }

  @Override
  public String toString() {
    return unit == Unit.SECONDS ? seconds + " s" : lowerCase(unit);
  }
}
