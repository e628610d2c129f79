package idserver.reserve;

import idserver.counter.CounterKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that a store has reserved for this server, to be read through in batches. Thread-safe. */
@FunctionalInterface
public interface ReservedRows {
  /**
   * The next rows, in the store's own order.
   *
   * @param last the key that came last before, or null for the beginning
   * @param most at least 1; fewer rows than that mean that there are no more
   */
  List<Map.Entry<CounterKey, CounterState>> following(@Nullable CounterKey last, int most)
      throws StoreException;
}
