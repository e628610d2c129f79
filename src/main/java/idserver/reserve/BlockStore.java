package idserver.reserve;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.Wish;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Where reservations are kept. Thread-safe, for several processes at once: a reservation is a
 * compare-and-set of the counter's row, and whoever changes it in between wins.
 */
public interface BlockStore {
  /**
   * Reserves a block for every wish, in one transaction. Durable when it returns; when it throws
   * nobody knows, and nothing of it may be used.
   *
   * @param wishes no two for the same counter
   * @return the grants in the order of the wishes
   * @throws ConflictException when somebody else changed one of the rows meanwhile: try again
   * @throws StoreException when the store cannot be reached or refuses
   */
  List<Grant> reserve(List<Wish> wishes) throws StoreException;

  /** Reads the state of counters; those never reserved are missing in the answer. */
  Map<CounterKey, CounterState> find(Collection<CounterKey> keys) throws StoreException;

  /**
   * Takes reservations back as far as nobody else has changed them since.
   *
   * @return how many of them were taken back
   */
  int giveBack(List<Leftover> leftovers) throws StoreException;
}
