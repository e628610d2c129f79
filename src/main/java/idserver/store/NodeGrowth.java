package idserver.store;

import idserver.reserve.ConflictException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/**
 * A larger {@code id_step} for all servers of a database, while they run. Immutable.
 *
 * <p>Each row of a counter tells among how many servers its numbers are shared out, and who
 * reserves goes by that. So the counters change one after the other, some at a time: all rows of
 * one are raised to its highest reservation and given the new step in one transaction, those of the
 * servers to come as well. What a server has in hand is below, and stays good. In the end the
 * servers' own rows are changed, by which a counter goes that is used for the first time; such a
 * reservation holds them, so that none comes in between. A growth that was cut off goes on when it
 * is begun again.
 */
public final class NodeGrowth {
  /** Rows in one transaction; more than a counter has, which is one for each server. */
  private static final int ROWS = 2_500;

  /** What no name is: of a rule, the counters of this one are the servers' time. */
  private static final byte[] NONE = {};

  private static final int MOST = 1_000;

  /** How often one is tried whose rows others have. */
  private static final int TRIES = 200;

  private static final long PAUSE_NANOS = 10_000_000;

  private final int idStep;

  /**
   * @param idStep the new one
   */
  public NodeGrowth(int idStep) {
    this.idStep = idStep;
  }

  /**
   * What came of it. Immutable.
   *
   * @param faults what stood in the way, a line each; then the servers go on as before
   * @param before how many servers there were
   * @param counters how many counters are shared out among more servers
   */
  public record Outcome(List<String> faults, int before, int counters) {
    public Outcome {
      faults = List.copyOf(faults);
    }
  }

  private interface Work<T> {
    T run() throws SQLException;
  }

  /** Grows. May take a while where there are many counters. */
  Outcome run(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    List<String> faults = new ArrayList<>();
    int before = inOne(connection, () -> examine(connection, faults));
    if (!faults.isEmpty() || before == idStep) {
      return new Outcome(faults, before, 0);
    }
    Set<String> ofOneRow = inOne(connection, () -> rulesOfOneRow(connection));
    int counters = 0;
    byte[] rule = inOne(connection, () -> ruleAfter(connection, NONE));
    while (rule.length > 0) {
      byte[] current = rule;
      if (!ofOneRow.contains(CounterRaise.hex(current))) {
        counters += growRule(connection, current);
      }
      rule = inOne(connection, () -> ruleAfter(connection, current));
    }
    counters += inOne(connection, () -> finish(connection, ofOneRow));
    return new Outcome(faults, before, counters);
  }

  /** A transaction that is tried again where others had its rows. */
  private static <T> T inOne(Connection connection, Work<T> work) throws SQLException {
    for (int tries = 1; ; tries++) {
      try {
        T result = work.run();
        connection.commit();
        return result;
      } catch (SQLException e) {
        connection.rollback();
        // a deadlock, a row that is held too long, or that was changed or made meanwhile
        if (tries == TRIES || !(StoreFailure.of(e) instanceof ConflictException)) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      } catch (RuntimeException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /** What stands in the way; answers how many servers there are. */
  private int examine(Connection connection, List<String> faults) throws SQLException {
    Set<Integer> steps = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT DISTINCT id_step FROM id_server_node")) {
      while (row.next()) {
        steps.add(row.getInt(1));
      }
    }
    if (steps.isEmpty()) {
      faults.add("no server has been started on this database yet: there is nothing to grow");
      return 0;
    }
    int before = steps.iterator().next();
    if (steps.size() > 1) {
      faults.add("the servers in the database have several id_step: " + steps);
    } else if (before > idStep) {
      faults.add(
          "id_step of the database is "
              + before
              + ", and the configuration has "
              + idStep
              + ": to make it smaller stop all servers and run: server_ctl.sh migrate id_server {n}");
    }
    if (idStep > MOST) {
      faults.add(
          "id_step can grow to "
              + MOST
              + " at the most while servers run, as each counter has a row for each server");
    }
    if (before != idStep) {
      refuseOrderedTimeIds(connection, faults);
      SessionChecks.refuseSeveralWriters(connection, faults);
    }
    return before;
  }

  private static void refuseOrderedTimeIds(Connection connection, List<String> faults)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT rule_name FROM id_server_rule WHERE layout = 'ordered' ORDER BY rule_name")) {
      while (row.next()) {
        faults.add(
            "rule "
                + new String(row.getBytes(1), StandardCharsets.UTF_8)
                + " makes time ids of the layout ordered, whose ticks are shared out by id_step: they"
                + " cannot be shared out anew while servers run");
      }
    }
  }

  private static Set<String> rulesOfOneRow(Connection connection) throws SQLException {
    Set<String> rules = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT rule_name, allocation FROM id_server_rule")) {
      while (row.next()) {
        if (RuleEntry.isOfOneRow(row.getString(2))) {
          rules.add(CounterRaise.hex(row.getBytes(1)));
        }
      }
    }
    return rules;
  }

  /** The next rule that has counters, or none. */
  private static byte[] ruleAfter(Connection connection, byte[] rule) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT MIN(rule_name) FROM id_server_counter WHERE rule_name > ?")) {
      statement.setBytes(1, rule);
      try (ResultSet row = statement.executeQuery()) {
        return first(row);
      }
    }
  }

  private static byte[] first(ResultSet row) throws SQLException {
    byte[] name = row.next() ? row.getBytes(1) : null;
    return name == null ? NONE : name;
  }

  private int growRule(Connection connection, byte[] rule) throws SQLException {
    int counters = 0;
    byte[] last = inOne(connection, () -> lastOfSome(connection, rule, NONE));
    for (byte[] before = NONE; last.length > 0; ) {
      byte[] after = before;
      byte[] upTo = last;
      counters += inOne(connection, () -> growSome(connection, rule, after, upTo));
      before = upTo;
      last = inOne(connection, () -> lastOfSome(connection, rule, upTo));
    }
    return counters;
  }

  /** The last of the next counters that are changed together, or none. */
  private static byte[] lastOfSome(Connection connection, byte[] rule, byte[] after)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT MAX(app_name) FROM (SELECT app_name FROM id_server_counter"
                + " WHERE rule_name = ? AND app_name > ? ORDER BY app_name LIMIT "
                + ROWS
                + ") some")) {
      statement.setBytes(1, rule);
      statement.setBytes(2, after);
      try (ResultSet row = statement.executeQuery()) {
        return first(row);
      }
    }
  }

  private int growSome(Connection connection, byte[] rule, byte[] after, byte[] last)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            CounterRaise.COLUMNS
                + " WHERE rule_name = ? AND app_name > ? AND app_name <= ? AND node_offset >= 0"
                + " FOR UPDATE")) {
      statement.setBytes(1, rule);
      statement.setBytes(2, after);
      statement.setBytes(3, last);
      return grow(connection, statement);
    }
  }

  private int grow(Connection connection, PreparedStatement rows) throws SQLException {
    CounterRaise counters = new CounterRaise();
    try (ResultSet row = rows.executeQuery()) {
      counters.read(row);
    }
    counters.leaveOut(idStep);
    return counters.raise(connection, idStep, rule -> CounterRaise.nodes(idStep));
  }

  /**
   * Changes the servers' rows, and with them the counters that were used for the first time since
   * the others were changed. Nobody reserves for a new one meanwhile.
   */
  private int finish(Connection connection, Set<String> ofOneRow) throws SQLException {
    int counters = 0;
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT node_offset FROM id_server_node FOR UPDATE").close();
      for (List<byte[]> counter : of(connection, ofOneRow)) {
        try (PreparedStatement rows =
            connection.prepareStatement(
                CounterRaise.COLUMNS
                    + " WHERE rule_name = ? AND app_name = ? AND node_offset >= 0 FOR UPDATE")) {
          rows.setBytes(1, counter.get(0));
          rows.setBytes(2, counter.get(1));
          counters += grow(connection, rows);
        }
      }
      statement.executeUpdate(
          "UPDATE id_server_node SET id_step = " + idStep + ", version = version + 1");
    }
    return counters;
  }

  /** The counters of which a row has another step. */
  private List<List<byte[]>> of(Connection connection, Set<String> ofOneRow) throws SQLException {
    List<List<byte[]>> counters = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT DISTINCT rule_name, app_name FROM id_server_counter"
                + " WHERE id_step <> ? AND node_offset >= 0 AND rule_name > ?")) {
      statement.setInt(1, idStep);
      statement.setBytes(2, NONE);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          if (!ofOneRow.contains(CounterRaise.hex(row.getBytes(1)))) {
            counters.add(List.of(row.getBytes(1), row.getBytes(2)));
          }
        }
      }
    }
    return counters;
  }
}
