package idserver.counter;

/**
 * A durable reservation, the answer to a {@link Wish}. Immutable.
 *
 * @param period start of the period the numbers are for; it may be later than the wish's
 * @param first the first number
 * @param size how many numbers, every {@code step}th one; 0 when the range is exhausted in this
 *     period
 * @param epochSecond the latest time at which anyone reserved for this counter
 * @param repaired whether the store promised less than was known to have been granted
 */
public record Grant(long period, long first, long size, long epochSecond, boolean repaired) {
  /** A grant from a store that was as it should be. */
  public Grant(long period, long first, long size, long epochSecond) {
    this(period, first, size, epochSecond, false);
  }

  /** The answer when the range holds no further number in this period. */
  public static Grant exhausted(long period, long epochSecond) {
    return new Grant(period, 0, 0, epochSecond);
  }
}
