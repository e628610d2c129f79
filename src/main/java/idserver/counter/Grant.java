package idserver.counter;

/**
 * A durable reservation, the answer to a {@link Wish}. Immutable.
 *
 * @param period start of the period the numbers are for; it may be later than the wish's
 * @param until when that period ends, as its numbers have been granted, in seconds of the local
 *     clock: a shorter period that begins before does not start again. 0 where that is not known
 * @param first the first number
 * @param size how many numbers; 0 when the range is exhausted in this period
 * @param epochSecond the latest time at which anyone reserved for this counter
 * @param repaired whether the store promised less than was known to have been granted
 * @param step the distance between two of them, 1 or more; 0 for that of the wish's range, which is
 *     another one only after the servers have become more
 */
public record Grant(
    long period, long until, long first, long size, long epochSecond, boolean repaired, long step) {
  /** A grant in the step that was wished for. */
  public Grant(long period, long until, long first, long size, long epochSecond, boolean repaired) {
    this(period, until, first, size, epochSecond, repaired, 0);
  }

  /** A grant from a store that was as it should be. */
  public Grant(long period, long until, long first, long size, long epochSecond) {
    this(period, until, first, size, epochSecond, false);
  }

  /** The distance between two of its numbers, which were wished for from that range. */
  public long stepIn(NumberRange range) {
    return step == 0 ? range.step() : step;
  }

  /** The last number; of a grant that is not an exhausted one, from that range. */
  public long lastIn(NumberRange range) {
    return first + (size - 1) * stepIn(range);
  }

  /** The answer when the range holds no further number in this period. */
  public static Grant exhausted(long period, long until, long epochSecond) {
    return new Grant(period, until, 0, 0, epochSecond);
  }
}
