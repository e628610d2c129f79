package idserver.timeid;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Up to which time a process may issue ids: one for all its kinds. Thread-safe, without a lock.
 *
 * <p>Whoever keeps it calls {@link #wantedMs} once a second or so, makes the answer durable for
 * this node, and only then calls {@link #extendTo}. No id has a time that is not below what is
 * promised, so a process that starts with {@code TimeIdClock.startingAfter(stored)} begins above
 * all that any earlier one can have issued, whatever has become of the wall clock. When the store
 * stays away the promise is used up, and ids are refused rather than issued uncovered.
 */
public final class TimePromise {
  /** The answer of {@link #wantedMs} when enough is promised. */
  public static final long ENOUGH = -1;

  /** So much is kept promised ahead of the clock. */
  public static final long DEFAULT_AHEAD_MS = 5_000;

  /** So much is promised at once, beyond what is to be kept ahead. */
  public static final long EXTENSION_MS = 10_000;

  private final long aheadMs;
  private final AtomicLong promisedMs;

  private TimePromise(long promisedMs, long aheadMs) {
    this.promisedMs = new AtomicLong(promisedMs);
    this.aheadMs = aheadMs;
  }

  /**
   * A promise in which nothing is covered yet.
   *
   * @param storedMs what the store holds for this node; 0 when it holds nothing
   */
  public static TimePromise startingAfter(long storedMs) {
    return startingAfter(storedMs, DEFAULT_AHEAD_MS);
  }

  /**
   * A promise in which nothing is covered yet.
   *
   * @param storedMs what the store holds for this node; 0 when it holds nothing
   * @param aheadMs how much to keep ahead of the clock, 1 or more: above the largest borrow of the
   *     kinds by as long as an extension may take
   */
  public static TimePromise startingAfter(long storedMs, long aheadMs) {
    if (aheadMs < 1) {
      throw new IllegalArgumentException("ahead must be >= 1 ms: " + aheadMs);
    }
    return new TimePromise(storedMs, aheadMs);
  }

  /**
   * A promise without a store, that covers all time. Ids are unique over restarts then only if the
   * wall clock is never set back while no process runs, and if a process waits {@code borrowMs}
   * before its first id, so that the clock has passed all that the one before has borrowed.
   */
  public static TimePromise inMemory() {
    return new TimePromise(Long.MAX_VALUE, DEFAULT_AHEAD_MS);
  }

  /** Ids below this time are covered, in milliseconds since 1970-01-01T00:00Z. */
  public long promisedMs() {
    return promisedMs.get();
  }

  /** What to make durable now and then extend to, or {@link #ENOUGH}. */
  public long wantedMs(long nowMs) {
    long promised = promisedMs.get();
    return promised - nowMs >= aheadMs ? ENOUGH : nowMs + aheadMs + EXTENSION_MS;
  }

  /** That time is durable. Never shortens the promise. */
  public void extendTo(long durableMs) {
    promisedMs.accumulateAndGet(durableMs, Math::max);
  }
}
