package idserver.counter;

import java.time.ZoneId;
import java.util.function.LongSupplier;

/**
 * The wall clock without its steps back: it stands still until the wall clock has caught up.
 * Thread-safe; a lock is taken once a second. Within one second everyone is handed the same {@link
 * Moment}.
 */
public final class SteadyClock {
  private final LongSupplier wallMs;
  private final ZoneId zone;

  // written under the lock, read without
  private volatile Moment latest;

  /**
   * @param wallMs the wall clock, in milliseconds since 1970-01-01T00:00Z
   * @param zone the zone whose dates the ids carry
   */
  public SteadyClock(LongSupplier wallMs, ZoneId zone) {
    this.wallMs = wallMs;
    this.zone = zone;
    this.latest = Moment.of(Math.floorDiv(wallMs.getAsLong(), 1000L), zone);
  }

  /** The present moment, never before one that was handed out. */
  public Moment now() {
    Moment last = latest;
    long second = Math.floorDiv(wallMs.getAsLong(), 1000L);
    return second <= last.epochSecond() ? last : advance(second);
  }

  private synchronized Moment advance(long second) {
    if (second > latest.epochSecond()) {
      latest = Moment.of(second, zone);
    }
    return latest;
  }

  /** That second on the clock of this zone. */
  Moment at(long epochSecond) {
    return Moment.of(epochSecond, zone);
  }
}
