package idserver.reserve;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.Wish;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A store whose reservations are remembered on this machine as well, before anyone is granted them.
 * Where the database knows less than this machine does (it is a restored back-up, or a replica that
 * lagged behind), counters go on above what is remembered, and the operator is told. Thread-safe.
 */
public final class RememberingStore implements BlockStore {
  private static final Logger LOG = Logger.getLogger(RememberingStore.class.getName());

  /** Rows in one question, when all are compared. */
  private static final int BATCH = 500;

  private final BlockStore store;
  private final HighWaterFile file;
  private final Set<CounterKey> older = ConcurrentHashMap.newKeySet();

  public RememberingStore(BlockStore store, HighWaterFile file) {
    this.store = store;
    this.file = file;
  }

  @Override
  public List<Grant> reserve(List<Wish> wishes) throws StoreException {
    // a block that cannot be remembered is lost: see first that it can
    file.ready();
    List<Wish> informed = wishes.stream().map(this::informed).toList();
    List<Grant> grants = store.reserve(informed);
    Map<CounterKey, CounterState> reserved = new HashMap<>();
    for (int i = 0; i < grants.size(); i++) {
      Wish wish = informed.get(i);
      Grant grant = grants.get(i);
      if (grant.size() > 0) {
        reserved.put(wish.key(), Allocation.after(grant, wish));
      }
      // who wishes may want to begin above all that was ever reserved, as time does at a start
      CounterState mark = file.of(wish.key());
      if (grant.repaired() && isKnownFrom(mark, wish)) {
        foundOlder(wish.key(), mark, "It goes on above that.");
      }
    }
    file.raise(reserved);
    return grants;
  }

  /** The wish of one who knows what this machine does. */
  private Wish informed(Wish wish) {
    CounterState mark = file.of(wish.key());
    if (mark == null) {
      return wish;
    }
    CounterState known =
        CounterState.higher(
            mark, new CounterState(wish.knownPeriod(), wish.knownUntil(), wish.knownReserved(), 0));
    return new Wish(
        wish.key(),
        wish.numbering(),
        wish.period(),
        wish.size(),
        known.period(),
        known.until(),
        known.reserved(),
        Math.max(wish.epochSecond(), mark.epochSecond()));
  }

  private static boolean isKnownFrom(@Nullable CounterState mark, Wish wish) {
    return mark != null
        && mark.period() == wish.knownPeriod()
        && mark.reserved() == wish.knownReserved();
  }

  @Override
  public Map<CounterKey, CounterState> find(Collection<CounterKey> keys) throws StoreException {
    Map<CounterKey, CounterState> states = new HashMap<>(store.find(keys));
    for (CounterKey key : keys) {
      CounterState mark = file.of(key);
      if (mark != null) {
        states.merge(key, mark, CounterState::higher);
      }
    }
    return states;
  }

  @Override
  public int giveBack(List<Leftover> leftovers) throws StoreException {
    // the file first: that a row promises more than the file tells nobody is alarmed at
    Map<CounterKey, CounterState> unused = new HashMap<>();
    for (Leftover leftover : leftovers) {
      CounterState mark = file.of(leftover.key());
      if (mark != null
          && mark.period() == leftover.period()
          && mark.reserved() == leftover.reserved()) {
        unused.put(leftover.key(), mark.promising(leftover.issued()));
      }
    }
    file.lower(unused);
    return store.giveBack(leftovers);
  }

  /**
   * Compares all that is remembered with the store, and tells the operator where that is behind.
   * Changes no row: each counter is repaired by its next reservation. May take a while.
   */
  public void compare() throws StoreException {
    file.renew();
    Map<CounterKey, CounterState> batch = new HashMap<>();
    for (CounterKey key : file.all().keySet()) {
      // what is remembered first: the rows that are read afterwards cannot be behind it by right
      CounterState mark = file.of(key);
      if (mark != null && !HighWaterFile.isOfChanges(key)) {
        batch.put(key, mark);
      }
      if (batch.size() == BATCH) {
        compare(batch);
        batch.clear();
      }
    }
    compare(batch);
  }

  private void compare(Map<CounterKey, CounterState> marks) throws StoreException {
    Map<CounterKey, CounterState> rows = store.find(marks.keySet());
    marks.forEach(
        (key, mark) -> {
          CounterState row = rows.get(key);
          // and what is remembered now: it may have been given back meanwhile, at a stop
          if (isBehind(row, mark) && isBehind(row, file.of(key))) {
            foundOlder(key, mark, "It is going to go on above that.");
          }
        });
  }

  private static boolean isBehind(@Nullable CounterState row, @Nullable CounterState mark) {
    return mark != null && (row == null || row.isBefore(mark));
  }

  private void foundOlder(CounterKey key, @Nullable CounterState mark, String outcome) {
    boolean first = older.isEmpty();
    if (older.add(key) && first) {
      LOG.severe(
          "The database has come back older than what was issued: a back-up, or a replica that"
              + " lagged behind. Counter "
              + key
              + " had "
              + (mark == null ? "more" : mark.reserved())
              + " reserved. "
              + outcome
              + " See that no other server is on another copy of the database. How many counters are"
              + " concerned is told by /status.");
    }
  }

  /** How many counters the store has been found to be behind with, since the start. */
  public int olderCounters() {
    return older.size();
  }
}
