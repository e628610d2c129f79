package idserver.reserve;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.Wish;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A store whose reservations are told to somebody who keeps a record of them. Thread-safe. */
public final class RecordingStore implements BlockStore {
  private final BlockStore store;
  private final Consumer<List<ReservedBlock>> record;

  /**
   * @param record is told of each batch once it is durable; must neither throw nor take long
   */
  public RecordingStore(BlockStore store, Consumer<List<ReservedBlock>> record) {
    this.store = store;
    this.record = record;
  }

  @Override
  public List<Grant> reserve(List<Wish> wishes) throws StoreException {
    List<Grant> grants = store.reserve(wishes);
    Instant now = Instant.now();
    List<ReservedBlock> blocks = new ArrayList<>(grants.size());
    for (int i = 0; i < grants.size(); i++) {
      Grant grant = grants.get(i);
      Wish wish = wishes.get(i);
      if (grant.size() > 0) {
        long last = Allocation.after(grant, wish).reserved();
        blocks.add(
            new ReservedBlock(now, wish.key(), grant.period(), grant.first(), last, grant.size()));
      }
    }
    record.accept(blocks);
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
