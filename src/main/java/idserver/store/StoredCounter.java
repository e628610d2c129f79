package idserver.store;

import idserver.counter.CounterKey;
import idserver.reserve.CounterState;

/**
 * One server's counter, or one that all share, as the database has it. Immutable.
 *
 * @param key its rule and namespace
 * @param nodeOffset whose it is: {@code id_offset} of that server; -1 for all
 * @param state what is reserved of it
 */
public record StoredCounter(CounterKey key, int nodeOffset, CounterState state) {
  /** Whether all servers take their numbers from it. */
  public boolean isShared() {
    return nodeOffset == CounterRow.SHARED;
  }
}
