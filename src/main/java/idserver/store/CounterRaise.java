package idserver.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Raises counters of several servers to the highest reservation that any of them ever made, where
 * their numbers are to be shared out anew: whatever was issued before is below. The rows are to be
 * locked by who reads them. Confined to one thread.
 */
final class CounterRaise {
  /** What {@link #read} wants, to be ended with which rows. */
  static final String COLUMNS =
      "SELECT rule_name, app_name, node_offset, period, period_end, reserved, last_time, id_step"
          + " FROM id_server_counter";

  private static final int BATCH = 500;

  private final Map<Key, State> highest = new HashMap<>();
  private final Map<RowId, Integer> steps = new HashMap<>();

  /** A row's key but for the node; the bytes of the names in hexadecimal digits. */
  private record Key(String rule, String app) {}

  private record RowId(Key key, int node) {}

  private record State(long period, long until, long reserved, long lastTime) {
    State highest(State other) {
      long latest = Math.max(lastTime, other.lastTime);
      long end = Math.max(until, other.until);
      boolean mine =
          period > other.period || (period == other.period && reserved >= other.reserved);
      return mine
          ? new State(period, end, reserved, latest)
          : new State(other.period, end, other.reserved, latest);
    }
  }

  /** All servers' offsets when there are so many. */
  static List<Integer> nodes(int idStep) {
    return IntStream.range(0, idStep).boxed().toList();
  }

  /** Takes in rows: of a counter all, or none. */
  void read(ResultSet row) throws SQLException {
    while (row.next()) {
      Key key = new Key(hex(row.getBytes(1)), hex(row.getBytes(2)));
      State state = new State(row.getLong(4), row.getLong(5), row.getLong(6), row.getLong(7));
      highest.merge(key, state, State::highest);
      steps.put(new RowId(key, row.getInt(3)), row.getInt(8));
    }
  }

  /** Forgets the counters whose numbers are shared out among so many servers already. */
  void leaveOut(int idStep) {
    Set<Key> there = new HashSet<>();
    for (Key key : highest.keySet()) {
      boolean all =
          nodes(idStep).stream().allMatch(node -> isSharedOut(new RowId(key, node), idStep));
      if (all) {
        there.add(key);
      }
    }
    highest.keySet().removeAll(there);
  }

  private boolean isSharedOut(RowId row, int idStep) {
    return steps.getOrDefault(row, 0) == idStep;
  }

  /**
   * Raises what was read, and makes the rows that are missing.
   *
   * @param idStep among how many servers the numbers are shared out from now on
   * @param nodes whose rows, told by the rule's name in hexadecimal digits; none where it stays
   * @return how many counters there were
   */
  int raise(Connection connection, int idStep, Function<String, List<Integer>> nodes)
      throws SQLException {
    List<RowId> updates = new ArrayList<>();
    List<RowId> inserts = new ArrayList<>();
    int raised = 0;
    for (Key key : highest.keySet()) {
      List<Integer> concerned = nodes.apply(key.rule());
      raised += concerned.isEmpty() ? 0 : 1;
      for (int node : concerned) {
        RowId id = new RowId(key, node);
        (steps.containsKey(id) ? updates : inserts).add(id);
      }
    }
    write(
        connection,
        "UPDATE id_server_counter SET period = ?, period_end = ?, reserved = ?, last_time = ?,"
            + " id_step = ?, version = version + 1"
            + " WHERE rule_name = ? AND app_name = ? AND node_offset = ?",
        updates,
        idStep);
    write(
        connection,
        "INSERT INTO id_server_counter"
            + " (period, period_end, reserved, last_time, id_step, rule_name, app_name,"
            + " node_offset, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)",
        inserts,
        idStep);
    return raised;
  }

  private void write(Connection connection, String sql, List<RowId> rows, int idStep)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int waiting = 0;
      for (RowId row : rows) {
        State state = highest.get(row.key());
        if (state == null) {
          continue;
        }
        statement.setLong(1, state.period());
        statement.setLong(2, state.until());
        statement.setLong(3, state.reserved());
        statement.setLong(4, state.lastTime());
        statement.setInt(5, row.node() == CounterRow.SHARED ? 1 : idStep);
        statement.setBytes(6, bytes(row.key().rule()));
        statement.setBytes(7, bytes(row.key().app()));
        statement.setInt(8, row.node());
        statement.addBatch();
        if (++waiting % BATCH == 0) {
          statement.executeBatch();
        }
      }
      statement.executeBatch();
    }
  }

  /** The bytes of a name in hexadecimal digits. */
  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** The name of those digits. */
  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
