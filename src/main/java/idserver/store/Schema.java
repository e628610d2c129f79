package idserver.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The tables, from the one file that describes them: {@code deploy/counter.sql}. */
final class Schema {
  private static final String COUNTER_BEFORE_ITS_END =
      "SELECT rule_name, app_name, node_offset, period, reserved, last_time, version"
          + " FROM id_server_counter WHERE 1 = 0";

  private static final String COUNTER =
      "SELECT rule_name, app_name, node_offset, period, period_end, reserved, last_time, id_step,"
          + " version FROM id_server_counter WHERE 1 = 0";

  private static final String COUNTER_WITH_ITS_END =
      "SELECT period_end FROM id_server_counter WHERE 1 = 0";

  private static final String NODE_BEFORE_THE_LEASE =
      "SELECT node_offset, id_step, time_zone, started, version FROM id_server_node WHERE 1 = 0";

  private static final String NODE =
      "SELECT node_offset, id_step, time_zone, started, instance, owner, host, pid, data_dir,"
          + " lease_until, version FROM id_server_node WHERE 1 = 0";

  private static final String RULE =
      "SELECT rule_name, allocation, layout, epoch, version FROM id_server_rule WHERE 1 = 0";

  private static final String ADD_THE_END =
      "ALTER TABLE id_server_counter ADD COLUMN period_end BIGINT NOT NULL DEFAULT 0";

  private static final String ADD_THE_STEP =
      "ALTER TABLE id_server_counter ADD COLUMN id_step INT NOT NULL DEFAULT 0";

  private static final String HELD =
      "SELECT rule_name, app_name, slot, period, number, state, request_id, id_text, made_at,"
          + " held_until, version FROM id_server_held WHERE 1 = 0";

  private static final String ADD_THE_LEASE =
      "ALTER TABLE id_server_node ADD COLUMN (instance VARCHAR(36) NOT NULL DEFAULT '',"
          + " owner VARCHAR(36) NOT NULL DEFAULT '', host VARCHAR(255) NOT NULL DEFAULT '',"
          + " pid BIGINT NOT NULL DEFAULT 0, data_dir VARCHAR(255) NOT NULL DEFAULT '',"
          + " lease_until BIGINT NOT NULL DEFAULT 0)";

  /** Columns that a table of an earlier version lacks. */
  private record Addition(String before, String wanted, String alteration) {}

  private static final List<Addition> ADDITIONS =
      List.of(
          new Addition(NODE_BEFORE_THE_LEASE, NODE, ADD_THE_LEASE),
          new Addition(COUNTER_BEFORE_ITS_END, COUNTER_WITH_ITS_END, ADD_THE_END),
          new Addition(COUNTER_BEFORE_ITS_END, COUNTER, ADD_THE_STEP));

  private Schema() {}

  /**
   * Creates the tables unless they are there, which a user without that privilege can have done,
   * and adds what a table of an earlier version lacks.
   */
  static void createIfMissing(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!isThere(statement, COUNTER_BEFORE_ITS_END)
          || !isThere(statement, NODE_BEFORE_THE_LEASE)
          || !isThere(statement, RULE)
          || !isThere(statement, HELD)) {
        create(statement);
      }
      add(statement);
      probe(statement, COUNTER);
      probe(statement, NODE);
      probe(statement, RULE);
      probe(statement, HELD);
    }
  }

  private static void create(Statement statement) throws SQLException {
    try {
      for (String create : createStatements()) {
        statement.execute(create);
      }
    } catch (SQLException e) {
      throw new SQLException(
          "a table is missing and could not be made. Let an administrator run: mysql <"
              + " deploy/counter.sql; ("
              + e.getMessage()
              + ")",
          e.getSQLState(),
          e.getErrorCode(),
          e);
    }
  }

  /** Adds all columns that are lacking, or tells all statements that would. */
  private static void add(Statement statement) throws SQLException {
    List<String> open = new ArrayList<>();
    SQLException reason = null;
    for (Addition addition : ADDITIONS) {
      if (isThere(statement, addition.before) && !isThere(statement, addition.wanted)) {
        try {
          statement.execute(addition.alteration);
        } catch (SQLException e) {
          // another server may have been faster
          if (!isThere(statement, addition.wanted)) {
            open.add(addition.alteration);
            reason = e;
          }
        }
      }
    }
    if (reason != null) {
      throw new SQLException(
          "a table was made by an earlier version. Let an administrator run: "
              + String.join("; ", open)
              + "; ("
              + reason.getMessage()
              + ")",
          reason.getSQLState(),
          reason.getErrorCode(),
          reason);
    }
  }

  private static boolean isThere(Statement statement, String probe) throws SQLException {
    try {
      probe(statement, probe);
      return true;
    } catch (SQLException e) {
      // 42: no such table, or not these columns, which creating it will say
      if (String.valueOf(e.getSQLState()).startsWith("42")) {
        return false;
      }
      throw e;
    }
  }

  private static void probe(Statement statement, String probe) throws SQLException {
    statement.executeQuery(probe).close();
  }

  private static List<String> createStatements() {
    try (InputStream file = Schema.class.getResourceAsStream("counter.sql")) {
      if (file == null) {
        throw new IllegalStateException("counter.sql is missing in the application");
      }
      String script = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(script.replaceAll("(?m)--.*$", "").split(";"))
          .map(String::strip)
          .filter(statement -> statement.startsWith("CREATE TABLE"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
