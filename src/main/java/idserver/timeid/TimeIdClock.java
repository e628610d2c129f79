package idserver.timeid;

import java.util.concurrent.locks.LockSupport;

/**
 * The time of a process: the wall clock at its start, and monotonic from there, so that no step of
 * the wall clock matters while it runs. Thread-safe.
 *
 * <p>A machine that is suspended stands still for it. An abstract class and not an interface: when
 * one subclass alone is loaded, it is called without a look at its type.
 */
public abstract class TimeIdClock {
  private static final long NANOS_PER_MS = 1_000_000;

  private final long startMs;

  /**
   * @param startMs the time at which the clock starts, in milliseconds since 1970-01-01T00:00Z
   */
  protected TimeIdClock(long startMs) {
    this.startMs = startMs;
  }

  /**
   * The clock for a process that starts now.
   *
   * @param promisedMs the time that earlier processes of this node may have used up, from the
   *     durable promise; 0 when there is none. The clock starts there when the wall clock is behind
   */
  public static TimeIdClock startingAfter(long promisedMs) {
    return startingAt(Math.max(System.currentTimeMillis(), promisedMs));
  }

  /**
   * The clock that starts now, at a time of another clock than the machine's.
   *
   * @param startMs in milliseconds since 1970-01-01T00:00Z, not before what may have been used up
   */
  public static TimeIdClock startingAt(long startMs) {
    return new Monotonic(startMs);
  }

  /** The time at which it started, in milliseconds since 1970-01-01T00:00Z. */
  public final long startMs() {
    return startMs;
  }

  /** The time now, in milliseconds since 1970-01-01T00:00Z. */
  public final long nowMs() {
    return startMs + elapsedNanos() / NANOS_PER_MS;
  }

  /** Nanoseconds since the start: 0 or more, and never less than before. */
  public abstract long elapsedNanos();

  /** Lets about so many nanoseconds pass, or fewer. */
  protected abstract void pause(long nanos);

  private static final class Monotonic extends TimeIdClock {
    private final long originNanos = System.nanoTime();

    Monotonic(long startMs) {
      super(startMs);
    }

    @Override
    public long elapsedNanos() {
      return System.nanoTime() - originNanos;
    }

    @Override
    protected void pause(long nanos) {
      LockSupport.parkNanos(this, nanos);
    }
  }
}
