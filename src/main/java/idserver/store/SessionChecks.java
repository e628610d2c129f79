package idserver.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a MySQL or MariaDB server keeps what it says. Refused is what breaks the promise that a
 * number comes once: tables without transactions, a mode that cuts names off in silence, a server
 * that is a replica. Warned of is what the high-water file makes good.
 */
final class SessionChecks {
  private static final String VARIABLES =
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN"
          + " ('read_only', 'super_read_only', 'innodb_read_only', 'innodb_flush_log_at_trx_commit')";

  private static final String WRITERS =
      "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'group_replication_group_name',"
          + " 'group_replication_single_primary_mode')";

  private static final String ENGINES =
      "SELECT table_name, engine FROM information_schema.tables"
          + " WHERE table_schema = DATABASE()"
          + " AND table_name IN ('id_server_counter', 'id_server_node', 'id_server_rule') ORDER BY table_name";

  private SessionChecks() {}

  /** Refuses a server that is not to be written to; before anything is written. */
  static void refuseReadOnly(Connection connection) throws SQLException {
    for (Map.Entry<String, String> variable : variables(connection).entrySet()) {
      if (variable.getKey().endsWith("read_only") && isOn(variable.getValue())) {
        throw new SQLException(
            "it is not to be written to ("
                + variable.getKey()
                + " = "
                + variable.getValue()
                + "), as a replica is. Name the primary in \"database\".");
      }
    }
  }

  /** Refuses what lets a number come twice. */
  static void refuseWhatBreaksPromises(Connection connection) throws SQLException {
    for (Map.Entry<String, String> table : map(connection, ENGINES).entrySet()) {
      if (!table.getValue().equalsIgnoreCase("InnoDB")) {
        throw new SQLException(
            "table "
                + table.getKey()
                + " has the engine "
                + table.getValue()
                + ", which may keep half of what is reserved. Run: ALTER TABLE "
                + table.getKey()
                + " ENGINE = InnoDB");
      }
    }
    String mode = only(connection, "SELECT @@SESSION.sql_mode");
    if (!mode.contains("STRICT_TRANS_TABLES") && !mode.contains("STRICT_ALL_TABLES")) {
      throw new SQLException(
          "the session's sql_mode has neither STRICT_TRANS_TABLES nor STRICT_ALL_TABLES, so that a"
              + " value may be cut off in silence: "
              + mode);
    }
  }

  /**
   * What stands against a change that has to be alone on its rows: where several nodes of a cluster
   * are written to, locks reach no farther than one of them.
   */
  static void refuseSeveralWriters(Connection connection, List<String> faults) throws SQLException {
    Map<String, String> variables = map(connection, WRITERS);
    boolean galera = isOn(variables.getOrDefault("wsrep_on", "OFF"));
    boolean group =
        !variables.getOrDefault("group_replication_group_name", "").isEmpty()
            && !isOn(variables.getOrDefault("group_replication_single_primary_mode", "ON"));
    if (galera || group) {
      faults.add(
          "the database is a cluster of which several nodes are written to, and locks do not reach"
              + " over them: stop all servers and run server_ctl.sh migrate id_server {n}");
    }
  }

  /** What an operator should change, a line each; ids are unique all the same. */
  static List<String> warnings(Connection connection) throws SQLException {
    List<String> warnings = new ArrayList<>();
    String flush = variables(connection).getOrDefault("innodb_flush_log_at_trx_commit", "1");
    if (!flush.equals("1")) {
      warnings.add(
          "innodb_flush_log_at_trx_commit is "
              + flush
              + ": a crash of the database or its machine may lose what it has committed. The"
              + " high-water file makes that good as long as it is not lost as well. Set it to 1.");
    }
    return warnings;
  }

  /** MySQL and MariaDB say 0, 1, OFF or ON; later ones name what is locked. */
  private static boolean isOn(String value) {
    String upper = value.toUpperCase(Locale.ROOT);
    return !upper.equals("OFF") && !upper.equals("0") && !upper.equals("NO_LOCK");
  }

  private static Map<String, String> variables(Connection connection) throws SQLException {
    return map(connection, VARIABLES);
  }

  private static Map<String, String> map(Connection connection, String query) throws SQLException {
    Map<String, String> values = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.put(
            String.valueOf(rows.getString(1)).toLowerCase(Locale.ROOT),
            String.valueOf(rows.getString(2)));
      }
    }
    return values;
  }

  private static String only(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? String.valueOf(row.getString(1)) : "";
    }
  }
}
