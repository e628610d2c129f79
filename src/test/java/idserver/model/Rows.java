package idserver.model;

import idserver.counter.CounterKey;
import idserver.reserve.CounterState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of all nodes, with versions, a replica that lags behind, and statements under way.
 * Confined to one thread.
 */
final class Rows {
  private Map<RowKey, Version> rows = new HashMap<>();
  private Map<RowKey, Version> replica = Map.of();
  private final List<Change> late = new ArrayList<>();
  private int failovers;

  record RowKey(CounterKey key, int node) {}

  /** A row, told from all others, equal ones as well, by its identity. */
  static final class Version {
    final CounterState state;

    Version(CounterState state) {
      this.state = state;
    }
  }

  /** What was read, and what is to be written where that is still there. */
  record Change(Map<RowKey, Version> read, Map<RowKey, Version> written, int database) {}

  /** Rows as they are now. */
  Map<RowKey, Version> read(Collection<CounterKey> keys, int node) {
    Map<RowKey, Version> found = new HashMap<>();
    for (CounterKey key : keys) {
      RowKey id = new RowKey(key, node);
      Version row = rows.get(id);
      if (row != null) {
        found.put(id, row);
      }
    }
    return found;
  }

  Change change(Map<RowKey, Version> read, Map<RowKey, CounterState> written) {
    Map<RowKey, Version> versions = new HashMap<>();
    written.forEach((id, state) -> versions.put(id, new Version(state)));
    return new Change(read, versions, failovers);
  }

  /** Whether the database to which it was sent is still there. */
  boolean canReach(Change change) {
    return change.database == failovers;
  }

  /** Writes all or nothing: nothing where another version is there than was read. */
  @SuppressWarnings("ReferenceEquality") // a version is told by what it is
  boolean commit(Change change) {
    for (RowKey id : change.written.keySet()) {
      if (rows.get(id) != change.read.get(id)) {
        return false;
      }
    }
    rows.putAll(change.written);
    return true;
  }

  /** It was given up by who sent it, and may still arrive. */
  void delay(Change change) {
    late.add(change);
  }

  /** The oldest of the late statements arrives, if there is one. */
  void arrive() {
    if (!late.isEmpty()) {
      commit(late.remove(0));
    }
  }

  boolean haveComeBackOlder() {
    return failovers > 0;
  }

  void catchUp() {
    replica = Map.copyOf(rows);
  }

  /** The replica takes over, and what was under way is gone. */
  void failOver() {
    rows = new HashMap<>(replica);
    late.clear();
    failovers++;
  }
}
