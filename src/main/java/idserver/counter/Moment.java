package idserver.counter;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * One instant, to the second, as a whole request sees it: date text, period and counter all come
 * from the same one. Immutable.
 *
 * @param epochSecond seconds since 1970-01-01T00:00Z
 * @param local the same instant on the clock of the server's time zone, or of the rule's own
 * @param localSecond the same as seconds since 1970-01-01T00:00 read on that clock
 */
public record Moment(long epochSecond, LocalDateTime local, long localSecond) {

  private Moment(long epochSecond, LocalDateTime local) {
    this(epochSecond, local, local.toEpochSecond(ZoneOffset.UTC));
  }

  static Moment of(long epochSecond, ZoneId zone) {
    return new Moment(
        epochSecond, LocalDateTime.ofInstant(Instant.ofEpochSecond(epochSecond), zone));
  }

  /** The same instant on the clock of that zone; this one where there is none. */
  public Moment in(Optional<ZoneId> zone) {
    return zone.isPresent() ? of(epochSecond, zone.get()) : this;
  }

  /** The same instant where the local clock reads noon of that day: for numbers of that day. */
  public Moment atNoonOf(LocalDate day) {
    return new Moment(epochSecond, day.atTime(LocalTime.NOON));
  }

  /** This moment, or the start of that period where the local clock still reads less. */
  Moment notBefore(long periodStart) {
    return localSecond >= periodStart
        ? this
        : new Moment(epochSecond, LocalDateTime.ofEpochSecond(periodStart, 0, ZoneOffset.UTC));
  }
}
