package idserver.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Another {@code id_step}, time zone, or allocation of rules for all servers of a database, while
 * none runs. Immutable.
 *
 * <p>With another step or allocation, a number belongs to another server than before. So every
 * counter of every server, those to come as well, goes on above the highest reservation that any
 * server ever made of it: whatever was issued before is below. A zone needs no more than to be
 * noted, as periods do not go back.
 */
public final class NodeMigration {
  private static final List<Integer> SHARED_ROW = List.of(CounterRow.SHARED);

  private final int idStep;
  private final String timeZone;
  private final Map<String, String> allocations;

  /**
   * @param idStep the new one
   * @param timeZone the new one
   * @param rules the allocation of each rule; of others it stays as it is
   */
  public NodeMigration(int idStep, String timeZone, Collection<RuleEntry> rules) {
    this.idStep = idStep;
    this.timeZone = timeZone;
    this.allocations =
        rules.stream()
            .filter(rule -> !rule.allocation().isEmpty())
            .collect(
                Collectors.toUnmodifiableMap(
                    rule -> CounterRaise.hex(CounterRowId.bytes(rule.name())),
                    RuleEntry::allocation));
  }

  /**
   * What came of it. Immutable.
   *
   * @param faults what stood in the way, a line each; then nothing was changed
   * @param counters how many counters go on above what they were
   */
  public record Outcome(List<String> faults, int counters) {
    public Outcome {
      faults = List.copyOf(faults);
    }
  }

  /**
   * Migrates in one transaction, or changes nothing.
   *
   * @param shared whether all servers are on this database; else the step cannot change, as what
   *     the others have issued is not there
   */
  Outcome run(Connection connection, boolean shared) throws SQLException {
    connection.setAutoCommit(false);
    try {
      List<String> faults = new ArrayList<>();
      boolean stepChanges = readNodes(connection, faults);
      if (stepChanges && !shared) {
        faults.add(
            "id_step cannot be changed on the embedded database: what other servers have issued is not"
                + " in it");
      }
      int counters = 0;
      if (faults.isEmpty()) {
        counters = raise(connection, stepChanges, readRules(connection));
        note(connection);
      }
      connection.commit();
      return new Outcome(faults, counters);
    } catch (SQLException | RuntimeException e) {
      connection.rollback();
      throw e;
    }
  }

  /** Locks the nodes' rows; tells whether one has another step. */
  private boolean readNodes(Connection connection, List<String> faults) throws SQLException {
    boolean changes = false;
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT node_offset, id_step, owner, host, pid, data_dir, started, lease_until,"
                    + " UNIX_TIMESTAMP() FROM id_server_node FOR UPDATE")) {
      while (row.next()) {
        changes |= row.getInt(2) != idStep;
        String owner = String.valueOf(row.getString(3));
        boolean alive = !owner.isEmpty() && row.getLong(8) > row.getLong(9);
        if (alive) {
          NodeHolder holder =
              new NodeHolder(
                  owner,
                  String.valueOf(row.getString(4)),
                  row.getLong(5),
                  String.valueOf(row.getString(6)),
                  row.getLong(7),
                  row.getLong(8));
          faults.add(
              "node_offset "
                  + row.getInt(1)
                  + " is served by "
                  + holder
                  + ". Stop it first; one that was killed holds its lease for "
                  + Nodes.LEASE_S
                  + " s.");
        }
      }
    }
    return changes;
  }

  /** Locks the rules' rows; answers the allocation of each as it was. */
  private static Map<String, String> readRules(Connection connection) throws SQLException {
    Map<String, String> allocations = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT rule_name, allocation FROM id_server_rule FOR UPDATE")) {
      while (row.next()) {
        allocations.put(CounterRaise.hex(row.getBytes(1)), String.valueOf(row.getString(2)));
      }
    }
    return allocations;
  }

  private int raise(Connection connection, boolean stepChanges, Map<String, String> before)
      throws SQLException {
    Map<String, String> now = new HashMap<>(before);
    now.putAll(allocations);
    Set<String> changed = new HashSet<>();
    allocations.forEach(
        (rule, allocation) -> {
          if (!allocation.equals(before.getOrDefault(rule, RuleEntry.INTERLEAVED))) {
            changed.add(rule);
          }
        });
    if (!stepChanges && changed.isEmpty()) {
      return 0;
    }
    CounterRaise counters = new CounterRaise();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(CounterRaise.COLUMNS + " FOR UPDATE")) {
      counters.read(row);
    }
    int raised =
        counters.raise(
            connection,
            idStep,
            rule -> {
              if (RuleEntry.isOfOneRow(now.get(rule))) {
                return changed.contains(rule) ? SHARED_ROW : List.of();
              }
              return stepChanges || changed.contains(rule) ? CounterRaise.nodes(idStep) : List.of();
            });
    noteRules(connection, changed, before.keySet());
    return raised;
  }

  private void noteRules(Connection connection, Set<String> changed, Set<String> known)
      throws SQLException {
    try (PreparedStatement update =
            connection.prepareStatement(
                "UPDATE id_server_rule SET allocation = ?, version = version + 1"
                    + " WHERE rule_name = ?");
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO id_server_rule (allocation, rule_name, layout, epoch, version)"
                    + " VALUES (?, ?, '', 0, 1)")) {
      for (String rule : changed) {
        PreparedStatement statement = known.contains(rule) ? update : insert;
        statement.setString(1, allocations.get(rule));
        statement.setBytes(2, CounterRaise.bytes(rule));
        statement.executeUpdate();
      }
    }
  }

  private void note(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "UPDATE id_server_node SET id_step = ?, time_zone = ?, version = version + 1")) {
      statement.setInt(1, idStep);
      statement.setString(2, timeZone);
      statement.executeUpdate();
    }
  }
}
