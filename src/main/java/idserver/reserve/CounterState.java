package idserver.reserve;

/**
 * What the store remembers of a counter. Immutable.
 *
 * @param period start of the latest period reserved in, in seconds of the local clock
 * @param reserved the highest number promised in it
 * @param epochSecond the latest time at which anyone reserved
 */
public record CounterState(long period, long reserved, long epochSecond) {
  /** Whether the other one promises more: a higher number, or one of a later period. */
  boolean isBefore(CounterState other) {
    return period < other.period || (period == other.period && reserved < other.reserved);
  }

  /** The one of the two that promises more. */
  public static CounterState higher(CounterState one, CounterState other) {
    return one.isBefore(other) ? other : one;
  }
}
