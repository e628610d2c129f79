package idserver.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the ids of a rule are made with, and must be made with as long as its rows live. Immutable.
 *
 * @param name the rule's name
 * @param allocation {@link #INTERLEAVED}, {@link #SHARED}, {@link #GAP_FREE} or {@link #STRICT};
 *     empty for one without counters
 * @param layout of its time ids; empty for one that has none
 * @param epochMs of its time ids, in milliseconds since 1970-01-01T00:00Z
 */
public record RuleEntry(String name, String allocation, String layout, long epochMs) {
  /** Each server takes its numbers from a row of its own. */
  public static final String INTERLEAVED = "interleaved";

  /** All servers take their numbers from one row. */
  public static final String SHARED = "shared";

  /** All servers take their numbers from one row, and note whose each of them is. */
  public static final String GAP_FREE = "gap_free";

  /** All servers take their numbers from one row, each request its own. */
  public static final String STRICT = "strict";

  /** Whether all servers take their numbers from one row. */
  static boolean isOfOneRow(@Nullable String allocation) {
    return SHARED.equals(allocation) || GAP_FREE.equals(allocation) || STRICT.equals(allocation);
  }

  /** The same with what only the other one has. */
  RuleEntry completedBy(RuleEntry other) {
    boolean timed = !layout.isEmpty();
    return new RuleEntry(
        name,
        allocation.isEmpty() ? other.allocation : allocation,
        timed ? layout : other.layout,
        timed ? epochMs : other.epochMs);
  }

  boolean differsInAllocation(RuleEntry other) {
    return differ(allocation, other.allocation);
  }

  boolean differsInTimeIds(RuleEntry other) {
    boolean bothTimed = !layout.isEmpty() && !other.layout.isEmpty();
    return differ(layout, other.layout) || (bothTimed && epochMs != other.epochMs);
  }

  private static boolean differ(String one, String other) {
    return !one.isEmpty() && !other.isEmpty() && !one.equals(other);
  }

  String timeIds() {
    return layout + " since " + Instant.ofEpochMilli(epochMs);
  }
}
