package idserver.rule;

/**
 * Where a script's {@code counter:generate_counter()} gets its numbers and {@code
 * counter:generate_time_id()} its time ids.
 */
public interface Draws {
  /** The answer that abandons the script: there is no number now. */
  long STOP = -1;

  /** The next number, 0 or more, or {@link #STOP}. */
  long next();

  /** What was drawn since the last id has become one. */
  default void idMade() {}

  /** The next time id, above 0, or {@link #STOP}. */
  default long nextTimeId() {
    return STOP;
  }
}
