package idserver.reserve;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.Wish;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * A store in memory that fails as it is told to, and remembers the sizes of its batches. Confined
 * to one thread at a time.
 */
final class FakeStore implements BlockStore {
  final Deque<InMemoryBlockStore.Outcome> outcomes = new ArrayDeque<>();
  final List<Integer> batches = new ArrayList<>();
  Runnable beforeEachCall = () -> {};
  private final InMemoryBlockStore rows =
      new InMemoryBlockStore(new InMemoryBlockStore.Storage(), 0, this::outcome);

  private InMemoryBlockStore.Outcome outcome() {
    InMemoryBlockStore.Outcome outcome = outcomes.poll();
    return outcome == null ? InMemoryBlockStore.Outcome.WORKS : outcome;
  }

  private void called(int size) {
    batches.add(size);
    beforeEachCall.run();
  }

  @Override
  public List<Grant> reserve(List<Wish> wishes) throws StoreException {
    called(wishes.size());
    return rows.reserve(wishes);
  }

  @Override
  public Map<CounterKey, CounterState> find(Collection<CounterKey> keys) throws StoreException {
    called(keys.size());
    return rows.find(keys);
  }

  @Override
  public int giveBack(List<Leftover> leftovers) throws StoreException {
    called(leftovers.size());
    return rows.giveBack(leftovers);
  }
}
