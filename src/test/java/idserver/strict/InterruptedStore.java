package idserver.strict;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.Wish;
import idserver.reserve.BlockStore;
import idserver.reserve.CounterState;
import idserver.reserve.StoreException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A store in which something else happens before and after a commit. Thread-safe as far as that is.
 */
final class InterruptedStore implements BlockStore {
  /** How many numbers were wished for, each time. For tests of one thread. */
  final List<Long> sizes = new ArrayList<>();

  Runnable beforeCommit = () -> {};
  Runnable afterCommit = () -> {};
  private final BlockStore store;

  InterruptedStore(BlockStore store) {
    this.store = store;
  }

  @Override
  public List<Grant> reserve(List<Wish> wishes) throws StoreException {
    synchronized (sizes) {
      wishes.forEach(wish -> sizes.add(wish.size()));
    }
    beforeCommit.run();
    List<Grant> grants = store.reserve(wishes);
    afterCommit.run();
    return grants;
  }

  @Override
  public Map<CounterKey, CounterState> find(Collection<CounterKey> keys) throws StoreException {
    return store.find(keys);
  }

  @Override
  public int giveBack(List<Leftover> leftovers) throws StoreException {
    return store.giveBack(leftovers);
  }
}
