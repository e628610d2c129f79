package idserver.gapfree;

import idserver.counter.CounterKey;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of a batch of asks. Immutable.
 *
 * @param outcomes in the order of the asks
 * @param marks how far the counters are now that were asked for and have a row
 * @param older the counters of which the store knew less than this machine remembers
 */
public record Settled(List<Outcome> outcomes, Map<CounterKey, Mark> marks, Set<CounterKey> older) {
  public Settled {
    outcomes = List.copyOf(outcomes);
    marks = Map.copyOf(marks);
    older = Set.copyOf(older);
  }
}
