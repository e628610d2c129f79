package idserver.reserve;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.Wish;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A store in memory that fails on demand. Thread-safe; stores on the same {@link Storage} play
 * several processes.
 */
public final class InMemoryBlockStore implements BlockStore {
  /** What becomes of a call. */
  public enum Outcome {
    WORKS,
    /** It fails, and nothing was changed. */
    FAILS,
    /** It is applied, and its answer is lost. */
    ANSWER_LOST,
    /** Somebody else changes the row meanwhile. */
    CONFLICTS
  }

  /** The rows of all processes. Thread-safe. */
  public static final class Storage {
    private final Map<RowId, CounterState> rows = new HashMap<>();

    private synchronized Map<CounterKey, CounterState> read(
        Collection<CounterKey> keys, int nodeOffset) {
      Map<CounterKey, CounterState> found = new HashMap<>();
      for (CounterKey key : keys) {
        CounterState state = rows.get(new RowId(key, nodeOffset));
        if (state != null) {
          found.put(key, state);
        }
      }
      return found;
    }

    /** Writes all or nothing: nothing when one of the rows is no longer the one that was read. */
    @SuppressWarnings("ReferenceEquality") // an equal state may have been left and come back
    private synchronized void compareAndSet(
        Map<CounterKey, CounterState> read, Map<CounterKey, CounterState> written, int nodeOffset)
        throws ConflictException {
      for (CounterKey key : written.keySet()) {
        if (rows.get(new RowId(key, nodeOffset)) != read.get(key)) {
          throw conflict();
        }
      }
      written.forEach((key, state) -> rows.put(new RowId(key, nodeOffset), state));
    }
  }

  private record RowId(CounterKey key, int nodeOffset) {}

  private final Storage storage;
  private final int nodeOffset;
  private final Supplier<Outcome> outcomes;

  /**
   * @param outcomes asked before each call that writes, what is to become of it
   */
  public InMemoryBlockStore(Storage storage, int nodeOffset, Supplier<Outcome> outcomes) {
    this.storage = storage;
    this.nodeOffset = nodeOffset;
    this.outcomes = outcomes;
  }

  /** One that always works. */
  public InMemoryBlockStore(Storage storage, int nodeOffset) {
    this(storage, nodeOffset, () -> Outcome.WORKS);
  }

  @Override
  public List<Grant> reserve(List<Wish> wishes) throws StoreException {
    Outcome outcome = begin();
    Map<CounterKey, CounterState> read =
        storage.read(wishes.stream().map(Wish::key).toList(), nodeOffset);
    Map<CounterKey, CounterState> written = new HashMap<>();
    List<Grant> grants = new ArrayList<>();
    for (Wish wish : wishes) {
      CounterState stored = read.get(wish.key());
      Grant grant = Allocation.next(stored, wish);
      grants.add(grant);
      Allocation.after(stored, grant, wish).ifPresent(state -> written.put(wish.key(), state));
    }
    storage.compareAndSet(read, written, nodeOffset);
    end(outcome);
    return grants;
  }

  @Override
  public Map<CounterKey, CounterState> find(Collection<CounterKey> keys) throws StoreException {
    end(begin());
    return storage.read(keys, nodeOffset);
  }

  @Override
  public int giveBack(List<Leftover> leftovers) throws StoreException {
    Outcome outcome = begin();
    Map<CounterKey, CounterState> read =
        storage.read(leftovers.stream().map(Leftover::key).toList(), nodeOffset);
    Map<CounterKey, CounterState> written = new HashMap<>();
    for (Leftover leftover : leftovers) {
      CounterState state = read.get(leftover.key());
      if (state != null
          && state.period() == leftover.period()
          && state.reserved() == leftover.reserved()) {
        written.put(leftover.key(), state.promising(leftover.issued()));
      }
    }
    storage.compareAndSet(read, written, nodeOffset);
    end(outcome);
    return written.size();
  }

  private Outcome begin() throws StoreException {
    Outcome outcome = outcomes.get();
    if (outcome == Outcome.FAILS) {
      throw new StoreException("not applied", new IllegalStateException("on demand"));
    }
    if (outcome == Outcome.CONFLICTS) {
      throw conflict();
    }
    return outcome;
  }

  private static void end(Outcome outcome) throws StoreException {
    if (outcome == Outcome.ANSWER_LOST) {
      throw new StoreException("applied", new IllegalStateException("on demand"));
    }
  }

  private static ConflictException conflict() {
    return new ConflictException("changed meanwhile", new IllegalStateException("on demand"));
  }
}
