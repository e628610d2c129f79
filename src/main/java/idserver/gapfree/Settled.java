package idserver.gapfree;

import idserver.counter.CounterKey;
import idserver.reserve.CounterState;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What became of a batch of asks. Immutable.
 *
 * @param outcomes in the order of the asks
 * @param states the rows of the counters that were asked for and have one, as they are now
 * @param older the counters of which the store knew less than this machine remembers
 */
public record Settled(
    List<Outcome> outcomes, Map<CounterKey, CounterState> states, Set<CounterKey> older) {
  public Settled {
    outcomes = List.copyOf(outcomes);
    states = Map.copyOf(states);
    older = Set.copyOf(older);
  }
}
