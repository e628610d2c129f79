package idserver.gapfree;

import idserver.counter.CounterKey;
import idserver.reserve.CounterState;
import idserver.reserve.HighWaterFile;
import idserver.reserve.Lease;
import idserver.reserve.StoreException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;

/**
 * A store that is asked only by who holds the lease of its node, and whose highest numbers are
 * remembered on this machine as well, before anyone is told them. Where the database has come back
 * older, a counter goes on above what is remembered, and the operator is told. Thread-safe.
 */
public final class RememberingHolds implements HoldStore {
  private static final Logger LOG = Logger.getLogger(RememberingHolds.class.getName());

  private final HoldStore store;
  private final Lease lease;
  private final HighWaterFile file;

  public RememberingHolds(HoldStore store, Lease lease, HighWaterFile file) {
    this.store = store;
    this.lease = lease;
    this.file = file;
  }

  @Override
  public Settled settle(List<Ask> asks, Map<CounterKey, Mark> marks) throws StoreException {
    lease.check();
    // what cannot be remembered is not told: see first that it can
    file.ready();
    Map<CounterKey, Mark> remembered = new HashMap<>(marks);
    for (Ask ask : asks) {
      CounterState state = file.of(ask.key());
      CounterState changes = file.of(HighWaterFile.changesOf(ask.key()));
      if (state != null) {
        remembered.put(ask.key(), new Mark(state, changes == null ? 0 : changes.reserved()));
      }
    }
    Settled settled = store.settle(asks, remembered);
    for (CounterKey key : settled.older()) {
      LOG.severe(
          "The database has come back older than what was given: a back-up, or a replica that"
              + " lagged behind. The gap-free counter "
              + key
              + " goes on above what this machine remembers. Its numbers that are not confirmed in"
              + " the database are given to nobody any more, as they may be in use: list them, and"
              + " see which are. See that no other server is on another copy of the database.");
    }
    Map<CounterKey, CounterState> reached = new HashMap<>();
    settled
        .marks()
        .forEach(
            (key, mark) -> {
              reached.put(key, mark.state());
              reached.put(HighWaterFile.changesOf(key), new CounterState(0, 0, mark.changes(), 0));
            });
    file.raise(reached);
    return settled;
  }
}
