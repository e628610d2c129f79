package idserver.rule;

import java.time.LocalDateTime;
import java.util.Collections;
import java.util.List;

/**
 * An id that a rule made when it was tried, and what it was made of. Immutable.
 *
 * @param id what {@code create_id} returned
 * @param at the moment it was given, on the local clock
 * @param period the start of the counter's period then, in seconds of the local clock
 * @param salt the salt it was given
 * @param counters what {@code generate_counter()} answered, in this order
 * @param timeIds what {@code generate_time_id()} answered, in this order
 */
public record Sample(
    String id,
    LocalDateTime at,
    long period,
    String salt,
    List<Long> counters,
    List<Long> timeIds) {

  public Sample {
    counters = List.copyOf(counters);
    timeIds = List.copyOf(timeIds);
  }

  /**
   * Whether a namespace can have both in its life. A number comes once a period and a time id once;
   * in which order numbers come is not asked, because equal servers count side by side.
   */
  boolean canStandBeside(Sample other) {
    return (period != other.period || Collections.disjoint(counters, other.counters))
        && Collections.disjoint(timeIds, other.timeIds);
  }

  /** Whether it comes before that one in a text: by time, then by number. */
  boolean isBefore(Sample other) {
    int order = at.compareTo(other.at);
    return order == 0 ? firstCounter() < other.firstCounter() : order < 0;
  }

  private long firstCounter() {
    return counters.isEmpty() ? 0 : counters.get(0);
  }

  /** Whether whatever can stand beside one of them can stand beside the other. */
  boolean standsFor(Sample other) {
    return period == other.period
        && at.getYear() == other.at.getYear()
        && counters.equals(other.counters)
        && timeIds.equals(other.timeIds);
  }
}
