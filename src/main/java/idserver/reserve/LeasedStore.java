package idserver.reserve;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.Wish;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** A store in which is reserved only by who holds the lease of the node. Thread-safe. */
public final class LeasedStore implements BlockStore {
  private final BlockStore store;
  private final Lease lease;

  public LeasedStore(BlockStore store, Lease lease) {
    this.store = store;
    this.lease = lease;
  }

  @Override
  public List<Grant> reserve(List<Wish> wishes) throws StoreException {
    lease.check();
    return store.reserve(wishes);
  }

  @Override
  public Map<CounterKey, CounterState> find(Collection<CounterKey> keys) throws StoreException {
    return store.find(keys);
  }

  @Override
  public int giveBack(List<Leftover> leftovers) throws StoreException {
    // without a lease, too: it changes only rows that nobody has gone on from
    return store.giveBack(leftovers);
  }
}
