package idserver.client;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ids that were fetched together; each place is given to one taker. Thread-safe.
 *
 * @param <T> the array that they are in
 */
final class Batch<T> {
  final T ids;
  final int size;
  final long bornNanos;
  private final AtomicInteger next = new AtomicInteger();

  Batch(T ids, int size, long bornNanos) {
    this.ids = ids;
    this.size = size;
    this.bornNanos = bornNanos;
  }

  /** A place that nobody else has; from {@link #size} on there is no id at it. */
  int take() {
    return next.getAndIncrement();
  }

  /** The first of so many places that nobody else has. */
  int take(int places) {
    return next.getAndAdd(places);
  }

  int left() {
    return Math.max(0, size - next.get());
  }

  /** Nobody takes any more; how many were left. */
  int drop() {
    return Math.max(0, size - next.getAndSet(size));
  }
}
