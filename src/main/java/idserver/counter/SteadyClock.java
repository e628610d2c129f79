package idserver.counter;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Logger;

/**
 * The wall clock without its steps back, at which it stands still until the wall clock has caught
 * up, and without its steps into the far future, which it does not follow: it goes on from where it
 * was, until another clock has confirmed the step or the wall clock has come back. Thread-safe; a
 * lock is taken once a second. Within one second everyone is handed the same {@link Moment}.
 */
public final class SteadyClock {
  /**
   * What counts as far, in milliseconds: less than any two time zones differ, which is the usual
   * mistake, and more than clocks that are looked after ever do.
   */
  public static final long FAR_MS = 15 * 60_000;

  /** A step back of less is how clocks are disciplined, in milliseconds. */
  private static final long STEP_MS = 1_000;

  private static final Logger LOG = Logger.getLogger(SteadyClock.class.getName());

  private final LongSupplier wallMs;
  private final LongSupplier nanos;
  private final ZoneId zone;

  // both written under the lock, read without
  private volatile Moment latest;
  private volatile long doubtedMs;
  private volatile long corrections;

  // of the zones that rules have of their own, which are few: the last moment that was asked for
  private final ConcurrentHashMap<ZoneId, Moment> elsewhere = new ConcurrentHashMap<>();

  @GuardedBy("this")
  private long believedMs;

  @GuardedBy("this")
  private long believedNanos;

  /**
   * @param wallMs the wall clock, in milliseconds since 1970-01-01T00:00Z
   * @param zone the zone whose dates the ids carry
   */
  public SteadyClock(LongSupplier wallMs, ZoneId zone) {
    this(wallMs, System::nanoTime, zone);
  }

  /**
   * As the other one, on another monotonic clock.
   *
   * @param nanos nanoseconds since any moment
   */
  public SteadyClock(LongSupplier wallMs, LongSupplier nanos, ZoneId zone) {
    this.wallMs = wallMs;
    this.nanos = nanos;
    this.zone = zone;
    this.believedMs = wallMs.getAsLong();
    this.believedNanos = nanos.getAsLong();
    this.latest = Moment.of(Math.floorDiv(believedMs, 1000L), zone);
  }

  /** The present moment, never before one that was handed out. */
  public Moment now() {
    Moment last = latest;
    long second = Math.floorDiv(wallMs.getAsLong() - doubtedMs, 1000L);
    return second <= last.epochSecond() ? last : advance();
  }

  private synchronized Moment advance() {
    long second = Math.floorDiv(believe(), 1000L);
    if (second > latest.epochSecond()) {
      latest = Moment.of(second, zone);
    }
    return latest;
  }

  /** The time as it is believed to be, in milliseconds since 1970-01-01T00:00Z. */
  public synchronized long believedMs() {
    return believe();
  }

  @GuardedBy("this")
  private long believe() {
    long expected = expectedMs();
    long ms = wallMs.getAsLong() - doubtedMs;
    if (expected - ms > STEP_MS) {
      corrected();
    }
    if (ms - expected > FAR_MS) {
      corrected();
      doubtedMs = doubtedMs + ms - expected;
      ms = expected;
      LOG.severe(
          "The clock of this machine has gone "
              + doubtedMs / 1000
              + " s ahead at once. That is not followed: ids go on with the time before, until the clock"
              + " is set right, or the database's clock agrees with it, or the server is restarted.");
    }
    believeFromNowOn(ms);
    return ms;
  }

  @GuardedBy("this")
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock, and read without
  private void corrected() {
    corrections++;
  }

  @GuardedBy("this")
  private void believeFromNowOn(long ms) {
    believedMs = ms;
    believedNanos = nanos.getAsLong();
  }

  /** What the time is by the monotonic clock. */
  @GuardedBy("this")
  private long expectedMs() {
    return believedMs + TimeUnit.NANOSECONDS.toMillis(nanos.getAsLong() - believedNanos);
  }

  /**
   * Looks whether a step that was not followed can be: when the wall clock has come back, or when
   * another machine's clock tells the same. To be called every few seconds.
   *
   * @param otherMs another machine's clock, in milliseconds since 1970-01-01T00:00Z, if there is
   *     one
   */
  public synchronized void review(OptionalLong otherMs) {
    if (doubtedMs == 0) {
      return;
    }
    long wall = wallMs.getAsLong();
    if (wall - expectedMs() <= FAR_MS) {
      doubtedMs = 0;
      LOG.info("The clock of this machine is where it was expected again, and is followed");
    } else if (otherMs.isPresent() && wall - otherMs.getAsLong() <= FAR_MS) {
      doubtedMs = 0;
      believeFromNowOn(wall);
      LOG.warning(
          "The database's clock agrees with that of this machine, which is followed again. If both are"
              + " wrong, set them right at once: ids have that date from now on");
    }
  }

  /**
   * How far the wall clock is ahead of what is believed, in milliseconds; 0 when it is believed.
   */
  public long doubtedMs() {
    return doubtedMs;
  }

  /**
   * How many steps of the wall clock have not been followed so far: those of more than a second
   * back, noticed at the next look, and those into the far future.
   */
  public long corrections() {
    return corrections;
  }

  /**
   * The same instant on the clock of that zone; the moment itself where there is none. Made once a
   * second.
   */
  public Moment in(Optional<ZoneId> other, Moment moment) {
    if (other.isEmpty()) {
      return moment;
    }
    Moment last = elsewhere.get(other.get());
    if (last != null && last.epochSecond() == moment.epochSecond()) {
      return last;
    }
    Moment there = moment.in(other);
    elsewhere.put(other.get(), there);
    return there;
  }

  /**
   * The present moment on the clock of that numbering, where another server's clock may have been
   * ahead: not before that second, nor before that period begins.
   *
   * @param periodStart as {@link Period#startOf} tells it
   */
  public Moment notBefore(long epochSecond, long periodStart, Numbering numbering) {
    Moment now = now();
    Moment moment = now.epochSecond() < epochSecond ? at(epochSecond) : now;
    return in(numbering.zone(), moment).notBefore(numbering.period().beginOf(periodStart));
  }

  /**
   * That second on the clock of that numbering, not before that period begins.
   *
   * @param periodStart as {@link Period#startOf} tells it
   */
  public Moment at(long epochSecond, long periodStart, Numbering numbering) {
    return in(numbering.zone(), at(epochSecond)).notBefore(numbering.period().beginOf(periodStart));
  }

  /** That second on the clock of this zone. */
  Moment at(long epochSecond) {
    return Moment.of(epochSecond, zone);
  }
}
