package idserver.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.lang.ref.WeakReference;
import java.lang.reflect.Array;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Batches fetched ahead. Whoever begins a batch sees to it that there are enough behind it; who
 * finds none waits, and from then on twice as much is kept ahead, once as much as that has been
 * used: a source that is slower than its takers is not asked for ever more. Less is kept when some
 * grow old. Thread-safe; the source is never called under the lock.
 *
 * @param <T> the array that a batch is in
 */
final class Supply<T> implements AutoCloseable {
  private final BatchSource<T> source;
  private final CacheSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** The one that is being handed out. */
  private volatile Batch<T> current;

  @GuardedBy("lock")
  private final Queue<Batch<T>> ready = new ArrayDeque<>();

  @GuardedBy("lock")
  private int readyIds;

  @GuardedBy("lock")
  private int pendingIds;

  @GuardedBy("lock")
  private int target;

  /** Ids whose batch has been begun. */
  @GuardedBy("lock")
  private long begun;

  /** How many must have been begun before the target grows again. */
  @GuardedBy("lock")
  private long begunToGrow;

  @GuardedBy("lock")
  private @Nullable Throwable lastFailure;

  @GuardedBy("lock")
  private long fetched;

  @GuardedBy("lock")
  private long expired;

  @GuardedBy("lock")
  private long waits;

  @GuardedBy("lock")
  private long failures;

  @GuardedBy("lock")
  private boolean closed;

  /**
   * @param none an array without ids
   */
  Supply(BatchSource<T> source, CacheSettings settings, T none) {
    this.source = source;
    this.settings = settings;
    this.target = settings.least();
    this.current = new Batch<>(none, 0, 0);
    if (!settings.maxAge().isZero()) {
      sweepLater(new WeakReference<>(this), settings.maxAge().toNanos() / 8);
    }
  }

  Batch<T> current() {
    return current;
  }

  /**
   * The batch after that one, which is used up. Waits for it where there is none.
   *
   * @throws IdClientException when none could be fetched
   */
  Batch<T> after(Batch<T> used) {
    boolean waited = false;
    while (true) {
      Batch<T> next;
      int wanted;
      long failuresBefore;
      lock.lock();
      try {
        checkOpen();
        if (current != used) {
          return current;
        }
        next = ready.poll();
        if (next != null) {
          readyIds -= next.size;
          begun += next.size;
          current = next;
        } else {
          waited = countWait(waited);
        }
        wanted = wanted();
        failuresBefore = failures;
      } finally {
        lock.unlock();
      }
      fetch(wanted);
      if (next != null) {
        return next;
      }
      await(used, failuresBefore);
    }
  }

  @GuardedBy("lock")
  private boolean countWait(boolean counted) {
    if (!counted) {
      waits++;
    }
    if (begun >= begunToGrow && begun > 0) {
      target = (int) Math.min(settings.most(), 2L * target);
      begunToGrow = begun + target;
    }
    return true;
  }

  /** How many are to be fetched now, which count as being fetched from here on. */
  @GuardedBy("lock")
  private int wanted() {
    int ahead = readyIds + pendingIds;
    if (ahead > target / 2) {
      return 0;
    }
    int wanted = target - ahead;
    pendingIds += wanted;
    return wanted;
  }

  private void fetch(int wanted) {
    for (int left = wanted; left > 0; ) {
      int count = Math.min(left, settings.batch());
      left -= count;
      CompletableFuture<T> fetch;
      try {
        fetch = source.fetch(count);
      } catch (RuntimeException e) {
        fetch = CompletableFuture.failedFuture(e);
      }
      CompletableFuture<T> unused = fetch.whenComplete((ids, failure) -> came(count, ids, failure));
    }
  }

  private void came(int asked, @Nullable T ids, @Nullable Throwable failure) {
    lock.lock();
    try {
      pendingIds -= asked;
      if (ids == null) {
        failures++;
        lastFailure = failure instanceof CompletionException ? failure.getCause() : failure;
      } else if (!closed) {
        int size = Array.getLength(ids);
        ready.add(new Batch<>(ids, size, System.nanoTime()));
        readyIds += size;
        fetched += size;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void await(Batch<T> used, long failuresBefore) {
    lock.lock();
    try {
      while (current == used && ready.isEmpty() && !closed) {
        if (failures > failuresBefore && pendingIds == 0) {
          throw IdClient.failure(lastFailure);
        }
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IdClientException(IdClientException.INTERRUPTED, 0, "interrupted while waiting");
    } finally {
      lock.unlock();
    }
  }

  private static void sweepLater(WeakReference<Supply<?>> swept, long delayNanos) {
    CompletableFuture.delayedExecutor(delayNanos, TimeUnit.NANOSECONDS)
        .execute(
            () -> {
              Supply<?> supply = swept.get();
              if (supply != null && supply.sweep()) {
                sweepLater(swept, delayNanos);
              }
            });
  }

  /** Drops what is too old; false when this is closed. */
  private boolean sweep() {
    lock.lock();
    try {
      long oldest = System.nanoTime() - settings.maxAge().toNanos();
      long dropped = current.bornNanos - oldest < 0 ? current.drop() : 0;
      while (!ready.isEmpty() && ready.element().bornNanos - oldest < 0) {
        Batch<T> old = ready.remove();
        readyIds -= old.size;
        dropped += old.drop();
      }
      if (dropped > 0) {
        expired += dropped;
        target = Math.max(settings.least(), target / 2);
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  CacheMetrics metrics() {
    lock.lock();
    try {
      long inHand = (long) readyIds + current.left();
      return new CacheMetrics(inHand, target, fetched, expired, waits, failures);
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void checkOpen() {
    if (closed) {
      throw new IdClientException(IdClientException.CLOSED, 0, "the cache is closed");
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      current.drop();
      ready.clear();
      readyIds = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
