package idserver.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;

/** The tables, from the one file that describes them: {@code deploy/counter.sql}. */
final class Schema {
  private static final String[] PROBES = {
    "SELECT rule_name, app_name, node_offset, period, reserved, last_time, version"
        + " FROM id_server_counter WHERE 1 = 0",
    "SELECT node_offset, id_step, time_zone, started, version FROM id_server_node WHERE 1 = 0"
  };

  private Schema() {}

  /**
   * Creates the tables unless they are there, which a user without that privilege can have done.
   */
  static void createIfMissing(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (!isThere(statement)) {
        for (String create : createStatements()) {
          statement.execute(create);
        }
        probe(statement);
      }
    }
  }

  private static boolean isThere(Statement statement) throws SQLException {
    try {
      probe(statement);
      return true;
    } catch (SQLException e) {
      // 42: no such table, or not these columns, which creating it will say
      if (String.valueOf(e.getSQLState()).startsWith("42")) {
        return false;
      }
      throw e;
    }
  }

  private static void probe(Statement statement) throws SQLException {
    for (String probe : PROBES) {
      statement.executeQuery(probe).close();
    }
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
