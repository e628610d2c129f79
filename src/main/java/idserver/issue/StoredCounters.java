package idserver.issue;

import idserver.counter.CounterKey;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** What the store knows of counters that this server has not used since its start. */
@FunctionalInterface
public interface StoredCounters {
  /**
   * Has another thread read the highest number reserved for a counter.
   *
   * @param found told the number, or empty when the counter has never been used
   * @param failed told when the store cannot be asked
   * @return false when too many are asking; nobody is told then
   */
  boolean find(CounterKey key, Consumer<OptionalLong> found, Runnable failed);
}
