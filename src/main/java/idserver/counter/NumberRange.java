package idserver.counter;

/**
 * The numbers that one server may issue for a rule: {@code min + offset}, then every {@code step}th
 * one, up to {@code max}. Immutable.
 *
 * @param min smallest number, 0 or more
 * @param max largest number, above {@code min}; it is never passed
 * @param step distance between two numbers of this server, which is the number of equal servers
 * @param offset this server's place among them, 0 to {@code step - 1}
 * @param shared whether all servers take their blocks from one row, each number of it: step is 1
 *     and offset 0 then. Else each server has a row of its own
 */
public record NumberRange(long min, long max, long step, long offset, boolean shared) {
  /** What {@link #firstAbove} answers when the range holds no such number. */
  public static final long NONE = -1;

  /** A reservation below every range: nothing has been promised yet. */
  public static final long NOTHING_RESERVED = Long.MIN_VALUE;

  /** A range of which this server has every {@code step}th number to itself. */
  public NumberRange(long min, long max, long step, long offset) {
    this(min, max, step, offset, false);
  }

  /** A range that all servers take their blocks from. */
  public static NumberRange shared(long min, long max) {
    return new NumberRange(min, max, 1, 0, true);
  }

  public NumberRange {
    if (shared && step != 1) {
      throw new IllegalArgumentException("a shared range has id_step 1: " + step);
    }
    if (min < 0) {
      throw new IllegalArgumentException("min_counter must be >= 0: " + min);
    }
    if (max <= min) {
      throw new IllegalArgumentException(
          "max_counter must be > min_counter: min_counter=" + min + ", max_counter=" + max);
    }
    if (step < 1) {
      throw new IllegalArgumentException("id_step must be >= 1: " + step);
    }
    if (offset < 0 || offset >= step) {
      throw new IllegalArgumentException(
          "id_offset must be 0 to id_step - 1: id_offset=" + offset + ", id_step=" + step);
    }
    if (max - min < offset) {
      throw new IllegalArgumentException(
          "no number is left for this server: min_counter + id_offset is above max_counter=" + max);
    }
  }

  /**
   * The same numbers shared out among so many servers.
   *
   * @throws IllegalArgumentException where that leaves none for this one
   */
  public NumberRange among(long servers) {
    return servers == step ? this : new NumberRange(min, max, servers, offset, shared);
  }

  /** The first number of a fresh counter. */
  public long first() {
    return min + offset;
  }

  /** The smallest number of this range above {@code reserved}, or {@link #NONE}. */
  public long firstAbove(long reserved) {
    long first = first();
    if (reserved < first) {
      return first;
    }
    long steps = (reserved - first) / step;
    // compared by division: first + (steps + 1) * step may not fit a long
    return steps >= (max - first) / step ? NONE : first + (steps + 1) * step;
  }

  /** Which share of this range that number and those before it are, 0 to 1. */
  double shareUpTo(long number) {
    if (number < first()) {
      return 0;
    }
    return firstAbove(number) == NONE ? 1 : ((double) number - min + 1) / ((double) max - min + 1);
  }

  /**
   * How many numbers there are from {@code number}, one of this range, to the end: 1 or more, and
   * at most as many as a long can tell.
   */
  public long countFrom(long number) {
    long steps = (max - number) / step;
    return steps == Long.MAX_VALUE ? steps : steps + 1;
  }
}
