package idserver.gapfree;

import idserver.counter.CounterKey;
import idserver.reserve.StoreException;
import java.util.List;
import java.util.Map;

/**
 * Where it is kept whose the numbers of gap-free counters are. Thread-safe, for several processes
 * at once: each counter is asked by one transaction after the other.
 */
public interface HoldStore {
  /**
   * Settles all asks, as {@link Sheet} has it, in their order and in one transaction. Durable when
   * it returns; when it throws nobody knows, and nothing of it may be told.
   *
   * @param asks any number, for any counters; none at all shows whether the store works
   * @param marks what this machine remembers of these counters, as far as it does
   * @throws idserver.reserve.ConflictException when somebody else was on one of the counters: try
   *     again
   * @throws StoreException when the store cannot be reached or refuses
   */
  Settled settle(List<Ask> asks, Map<CounterKey, Mark> marks) throws StoreException;
}
