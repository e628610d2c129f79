package idserver.reserve;

import idserver.counter.CounterKey;
import java.time.Instant;

/**
 * A block of numbers that this server has reserved. Immutable.
 *
 * @param at when
 * @param key of which counter
 * @param period of which period, as its counter tells it
 * @param first its first number
 * @param last its last number
 * @param size how many numbers
 */
public record ReservedBlock(
    Instant at, CounterKey key, long period, long first, long last, long size) {

  /** Whether that number is in it. */
  public boolean holds(long number) {
    long step = size == 1 ? 1 : (last - first) / (size - 1);
    return number >= first && number <= last && (number - first) % step == 0;
  }
}
