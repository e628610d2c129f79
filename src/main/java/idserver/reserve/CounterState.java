package idserver.reserve;

/**
 * What the store remembers of a counter. Immutable.
 *
 * @param period start of the latest period reserved in, in seconds of the local clock
 * @param until when that period ends, as numbers were reserved in it: where the rule is given a
 *     shorter one meanwhile, that one's ids may have been issued already. On the same clock; 0
 *     where it is not known
 * @param reserved the highest number promised in it
 * @param epochSecond the latest time at which anyone reserved
 */
public record CounterState(long period, long until, long reserved, long epochSecond) {
  /** Whether the other one promises more: a higher number, or one of a later period. */
  boolean isBefore(CounterState other) {
    return period < other.period || (period == other.period && reserved < other.reserved);
  }

  /** The one of the two that promises more. */
  public static CounterState higher(CounterState one, CounterState other) {
    CounterState higher = one.isBefore(other) ? other : one;
    return one.period == other.period ? higher.endingWith(one).endingWith(other) : higher;
  }

  private CounterState endingWith(CounterState other) {
    return other.until <= until
        ? this
        : new CounterState(period, other.until, reserved, epochSecond);
  }

  /** The same, with another number promised. */
  public CounterState promising(long number) {
    return new CounterState(period, until, number, epochSecond);
  }
}
