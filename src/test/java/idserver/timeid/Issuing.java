package idserver.timeid;

import static java.util.Objects.requireNonNull;

import idserver.testing.Play;

/**
 * One kind between those who take ids, the clock, a change of its settings and who keeps the
 * promise. At the end no id was there twice, none was of a time that was not durable, and each
 * thread's own increase.
 */
abstract class Issuing implements Play {
  private static final int THREADS = 3;
  private static final int EACH = 8;

  private final SetClock clock = new SetClock();
  private final TimePromise promise = TimePromise.startingAfter(SetClock.START_MS);
  private final TimeIdKinds<String> kinds = new TimeIdKinds<>(clock, promise, 1);
  private final TimeIdSettings settings;

  // each written by one thread, and read when all have ended
  private final long[][] keys = new long[THREADS][EACH];
  private final int[] sizes = new int[THREADS];
  private final long[] uncovered = new long[THREADS];
  private volatile long durableMs = SetClock.START_MS;

  Issuing(TimeIdLayout layout) {
    settings = TimeIdSettings.of(layout).withSpreadMs(1).withBorrowMs(1);
  }

  final SharedTimeIds ids(TimeIdSettings settings) {
    return requireNonNull(kinds.get("kind", settings));
  }

  final SharedTimeIds ids() {
    return ids(settings);
  }

  /** The same kind of ids, by other settings. */
  final SharedTimeIds changedIds() {
    return ids(settings.withBorrowMs(2));
  }

  final void passMs(long ms) {
    clock.advanceMs(ms);
  }

  /** Makes so many milliseconds from the start durable, and promises them. */
  final void keep(long ms) {
    durableMs = Math.max(durableMs, SetClock.START_MS + ms);
    promise.extendTo(SetClock.START_MS + ms);
  }

  final TimePromise promise() {
    return promise;
  }

  final void took(int thread, TimeIdBatch batch) {
    for (int place = 0; place < batch.size(); place++) {
      took(thread, batch.idAt(place));
    }
  }

  /** Notes what a thread was given, which may be a refusal. */
  final void took(int thread, long id) {
    if (id < 0) {
      return;
    }
    TimeIdFormat format = settings.format();
    if (format.decode(id).timeMs() >= durableMs) {
      uncovered[thread] = id;
    }
    keys[thread][sizes[thread]] = format.sortKey(id);
    sizes[thread]++;
  }

  @Override
  public void end() {
    for (int thread = 0; thread < THREADS; thread++) {
      if (uncovered[thread] != 0) {
        throw new AssertionError("not durable was the time of " + uncovered[thread]);
      }
      for (int i = 0; i < sizes[thread]; i++) {
        check(thread, i);
      }
    }
  }

  private void check(int thread, int i) {
    long key = keys[thread][i];
    if (i > 0 && key <= keys[thread][i - 1]) {
      throw new AssertionError("did not increase: " + keys[thread][i - 1] + ", " + key);
    }
    for (int other = 0; other < thread; other++) {
      for (int j = 0; j < sizes[other]; j++) {
        if (keys[other][j] == key) {
          throw new AssertionError("came twice: " + key);
        }
      }
    }
  }
}
