package idserver.timeid;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The ids of one kind, for all threads. Thread-safe, without a lock: an id costs one look at the
 * clock and one compare-and-set.
 */
public final class SharedTimeIds extends TimeIds {
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(SharedTimeIds.class, "state", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private volatile long state;

  /**
   * A kind of which this process has not issued an id yet.
   *
   * @throws IllegalArgumentException when the epoch is not before the clock's start
   */
  public SharedTimeIds(TimeIdSettings settings, TimeIdClock clock, TimePromise promise) {
    this(settings, clock, promise, clock.startMs());
  }

  private SharedTimeIds(
      TimeIdSettings settings, TimeIdClock clock, TimePromise promise, long firstMs) {
    super(settings, clock, promise);
    state = stateBefore(firstMs);
  }

  @Override
  public long tryNext() {
    long elapsedNanos = elapsedNanos();
    long last = state;
    while (true) {
      long next = isWithinMs(last, elapsedNanos) ? last + 1 : advance(last, elapsedNanos);
      if (next >= 0) {
        long seen = (long) STATE.compareAndExchange(this, last, next);
        if (seen == last) {
          return idOf(next);
        }
        last = seen;
      } else {
        elapsedNanos = retryNanos(next, elapsedNanos);
        if (elapsedNanos < 0) {
          return next;
        }
        last = state;
      }
    }
  }

  @Override
  public TimeIdBatch tryNext(int count) {
    checkCount(count);
    long elapsedNanos = elapsedNanos();
    while (true) {
      long last = state;
      TimeIdBatch batch = batch(last, elapsedNanos, count);
      if (!batch.isRefused()) {
        if (STATE.compareAndSet(this, last, batch.end())) {
          return batch;
        }
      } else {
        elapsedNanos = retryNanos(batch.code(), elapsedNanos);
        if (elapsedNanos < 0) {
          return batch;
        }
      }
    }
  }

  /**
   * Ends this generator for good, and begins another one of the same kind above all it has issued.
   * To be called once.
   */
  SharedTimeIds succeededBy(TimeIdSettings settings, TimePromise promise) {
    long last = (long) STATE.getAndSet(this, RETIRED);
    long lastMs = last < 0 ? clock().startMs() - 1 : timeMs(last);
    return new SharedTimeIds(settings, clock(), promise, Math.max(clock().startMs(), lastMs + 1));
  }
}
