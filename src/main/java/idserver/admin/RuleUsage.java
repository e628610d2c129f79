package idserver.admin;

import idserver.counter.Counter;
import idserver.counter.Counters;
import idserver.counter.Moment;
import idserver.counter.Numbering;
import idserver.rule.Rule;
import idserver.rule.RuleBook;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many counters of a rule are how far in their present period. Immutable.
 *
 * @param rule the rule's name
 * @param counters for each of {@link #SHARES} how many have used at least that share of their range
 * @param nearEnd how many have used at least the rule's own {@code warn_share}
 */
public record RuleUsage(String rule, List<Long> counters, long nearEnd) {
  /** The shares that are looked at, rising; 1 is exhausted. */
  public static final List<Double> SHARES = List.of(0.5, 0.8, 0.95, 1.0);

  public RuleUsage {
    counters = List.copyOf(counters);
  }

  /**
   * Looks at every counter, without a lock: some tenths of a second for a million.
   *
   * @return the rules in Lua, by name
   */
  public static List<RuleUsage> of(RuleBook book, Counters counters, Moment now) {
    Map<String, Count> counts = new TreeMap<>();
    for (Rule rule : book.rules()) {
      counts.put(rule.name(), new Count(rule, now));
    }
    counters.forEach(
        counter -> {
          Count count = counts.get(counter.key().rule());
          // null: a rule that is not served any more
          if (count != null) {
            count.look(counter);
          }
        });
    return counts.entrySet().stream()
        .map(
            each ->
                new RuleUsage(each.getKey(), each.getValue().counters(), each.getValue().nearEnd))
        .toList();
  }

  /** Those of one rule. Confined to one thread. */
  private static final class Count {
    private final long[] atLeast = new long[SHARES.size()];
    private final Numbering numbering;
    private final long periodStart;
    private final double warnShare;
    private long nearEnd;

    Count(Rule rule, Moment now) {
      this.numbering = rule.numbering();
      this.warnShare = rule.warnShare();
      this.periodStart = numbering.period().startOf(now.in(numbering.zone()).local());
    }

    void look(Counter counter) {
      // one that has gone on to a later period does not come back to this one
      double used = counter.usedShare(numbering.range(), Math.max(periodStart, counter.period()));
      for (int i = 0; i < atLeast.length && used >= SHARES.get(i); i++) {
        atLeast[i]++;
      }
      if (used >= warnShare) {
        nearEnd++;
      }
    }

    List<Long> counters() {
      return Arrays.stream(atLeast).boxed().toList();
    }
  }
}
