package idserver.gapfree;

import idserver.counter.CounterKey;
import idserver.counter.SteadyClock;
import idserver.reserve.ConflictException;
import idserver.reserve.StoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A store in memory that fails on demand. Thread-safe; two on one storage play two processes. */
public final class InMemoryHoldStore implements HoldStore {
  /** What becomes of a call. */
  public enum Fault {
    NONE,
    /** It fails, and nothing was changed. */
    FAILS,
    /** It is applied, and its answer is lost. */
    ANSWER_LOST,
    /** Somebody else is on the row. */
    CONFLICTS
  }

  /** The rows of all processes. */
  public static final class Storage {
    private final Map<CounterKey, Mark> marks = new HashMap<>();
    private final Map<CounterKey, TreeMap<Long, Hold>> holds = new HashMap<>();

    /** Makes this what the other one is now. */
    public synchronized void become(Storage other) {
      marks.clear();
      holds.clear();
      marks.putAll(other.marks);
      other.holds.forEach((key, all) -> holds.put(key, new TreeMap<>(all)));
    }

    private List<Hold> holds(CounterKey key, Predicate<Hold> which) {
      return holds.getOrDefault(key, new TreeMap<>()).values().stream()
          .filter(which)
          .sorted(Comparator.comparingLong(Hold::number))
          .toList();
    }
  }

  private final Storage storage;
  private final SteadyClock clock;
  private final LongSupplier databaseSecond;
  private final Supplier<Fault> faults;

  /**
   * @param faults asked before each call, what is to become of it
   */
  public InMemoryHoldStore(
      Storage storage, SteadyClock clock, LongSupplier databaseSecond, Supplier<Fault> faults) {
    this.storage = storage;
    this.clock = clock;
    this.databaseSecond = databaseSecond;
    this.faults = faults;
  }

  @Override
  public Settled settle(List<Ask> asks, Map<CounterKey, Mark> marks) throws StoreException {
    Fault fault = faults.get();
    if (fault == Fault.FAILS) {
      throw new StoreException("not applied", new IllegalStateException("on demand"));
    }
    if (fault == Fault.CONFLICTS) {
      throw new ConflictException("changed meanwhile", new IllegalStateException("on demand"));
    }
    synchronized (storage) {
      Settled settled = apply(asks, marks);
      if (fault == Fault.ANSWER_LOST) {
        throw new StoreException("applied", new IllegalStateException("on demand"));
      }
      return settled;
    }
  }

  private Settled apply(List<Ask> asks, Map<CounterKey, Mark> marks) {
    long now = databaseSecond.getAsLong();
    Map<CounterKey, Sheet> sheets = new HashMap<>();
    for (CounterKey key : new LinkedHashSet<>(asks.stream().map(Ask::key).toList())) {
      sheets.put(
          key, open(key, asks.stream().filter(a -> a.key().equals(key)).toList(), marks, now));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Ask ask : asks) {
      outcomes.add(Objects.requireNonNull(sheets.get(ask.key())).settle(ask));
    }
    Set<CounterKey> older = new HashSet<>();
    Map<CounterKey, Mark> reached = new HashMap<>();
    sheets.forEach(
        (key, sheet) -> {
          if (sheet.isOlder()) {
            older.add(key);
          }
          if (sheet.isChanged()) {
            storage.marks.put(key, new Mark(sheet.state(), sheet.changes()));
            for (Hold hold : sheet.changed()) {
              storage.holds.computeIfAbsent(key, k -> new TreeMap<>()).put(hold.slot(), hold);
            }
          }
          Mark mark = storage.marks.get(key);
          if (mark != null) {
            reached.put(key, mark);
          }
        });
    return new Settled(outcomes, reached, older);
  }

  private Sheet open(CounterKey key, List<Ask> asks, Map<CounterKey, Mark> marks, long now) {
    List<String> requests = asks.stream().map(Ask::requestId).toList();
    Mark stored = storage.marks.get(key);
    Sheet sheet =
        new Sheet(
            stored == null ? null : stored.state(),
            stored == null ? 0 : stored.changes(),
            marks.get(key),
            storage.holds(
                key, hold -> !hold.requestId().isEmpty() && requests.contains(hold.requestId())),
            clock,
            now);
    if (sheet.isOlder()) {
      sheet.doubt(storage.holds(key, Hold::isOpen));
    }
    for (Ask ask : asks) {
      if (ask instanceof Ask.Take take) {
        long period = sheet.begin(take.numbering());
        TreeMap<Long, Hold> all = storage.holds.getOrDefault(key, new TreeMap<>());
        sheet.offer(
            storage.holds(key, hold -> hold.isAvailable(now) && hold.period() == period),
            storage.holds(key, hold -> hold.isForgettable(now)),
            all.isEmpty() ? 0 : all.lastKey());
        break;
      }
    }
    return sheet;
  }
}
