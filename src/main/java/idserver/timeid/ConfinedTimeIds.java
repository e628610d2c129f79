package idserver.timeid;

/**
 * The ids of one kind, for one owner. Not thread-safe: confined to its owner, which is one thread,
 * or one thread after the other with a happens-before between them. Of one kind and node there may
 * be one such generator in a process, and none that is shared. An id costs one look at the clock.
 */
public final class ConfinedTimeIds extends TimeIds {
  private long state;

  /**
   * A kind of which this process has not issued an id yet.
   *
   * @throws IllegalArgumentException when the epoch is not before the clock's start
   */
  public ConfinedTimeIds(TimeIdSettings settings, TimeIdClock clock, TimePromise promise) {
    super(settings, clock, promise);
    state = stateBefore(clock.startMs());
  }

  @Override
  public long tryNext() {
    long elapsedNanos = elapsedNanos();
    long last = state;
    long next = isWithinMs(last, elapsedNanos) ? last + 1 : advance(last, elapsedNanos);
    while (next < 0) {
      elapsedNanos = retryNanos(next, elapsedNanos);
      if (elapsedNanos < 0) {
        return next;
      }
      next = advance(last, elapsedNanos);
    }
    state = next;
    return idOf(next);
  }

  @Override
  public TimeIdBatch tryNext(int count) {
    checkCount(count);
    long elapsedNanos = elapsedNanos();
    TimeIdBatch batch = batch(state, elapsedNanos, count);
    while (batch.isRefused()) {
      elapsedNanos = retryNanos(batch.code(), elapsedNanos);
      if (elapsedNanos < 0) {
        return batch;
      }
      batch = batch(state, elapsedNanos, count);
    }
    state = batch.end();
    return batch;
  }
}
