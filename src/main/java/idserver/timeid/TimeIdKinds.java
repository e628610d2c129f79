package idserver.timeid;

import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All kinds of this process, each with ids of its own: ids of one kind differ, ids of two kinds may
 * be equal. Thread-safe; finding a kind takes no lock. A kind stays until the process ends: what it
 * has borrowed must not be forgotten.
 *
 * @param <K> what names a kind, with {@code equals} and {@code hashCode}
 */
public final class TimeIdKinds<K> {
  private final TimeIdClock clock;
  private final TimePromise promise;
  private final int maxKinds;
  private final ConcurrentHashMap<K, SharedTimeIds> kinds = new ConcurrentHashMap<>();

  /**
   * @param maxKinds how many kinds may live at once, 1 or more; threads that come at the same
   *     moment may pass it by one each
   */
  public TimeIdKinds(TimeIdClock clock, TimePromise promise, int maxKinds) {
    if (maxKinds < 1) {
      throw new IllegalArgumentException("kinds must be >= 1: " + maxKinds);
    }
    this.clock = clock;
    this.promise = promise;
    this.maxKinds = maxKinds;
  }

  /** Whether there is a generator of that kind. */
  public boolean has(K kind) {
    return kinds.containsKey(kind);
  }

  /**
   * The generator of that kind, made when there is none; null when there are too many.
   *
   * <p>When the settings are others than before, a new generator takes the place of the old one and
   * goes on above it. Ids then stay unique if the format is the same.
   *
   * @throws IllegalArgumentException when the epoch is not before the clock's start
   */
  public @Nullable SharedTimeIds get(K kind, TimeIdSettings settings) {
    SharedTimeIds ids = kinds.get(kind);
    if (ids != null && ids.settings().equals(settings)) {
      return ids;
    }
    // looked for again: it may have been made meanwhile, as the last one that there is room for
    if (ids == null && kinds.mappingCount() >= maxKinds && !kinds.containsKey(kind)) {
      return null;
    }
    return kinds.compute(
        kind,
        (key, old) -> {
          if (old == null) {
            return new SharedTimeIds(settings, clock, promise);
          }
          return old.settings().equals(settings) ? old : old.succeededBy(settings, promise);
        });
  }

  /** How many kinds there are. */
  public int size() {
    return (int) Math.min(kinds.mappingCount(), Integer.MAX_VALUE);
  }
}
