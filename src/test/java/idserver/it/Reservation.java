package idserver.it;

import idserver.testing.Folders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * One row of the counter table: the highest number that the database has promised. Immutable.
 *
 * @param offset the server it was promised to
 */
record Reservation(Namespace namespace, int offset, long reserved) {

  /** All counters' rows, of a real database. */
  static List<Reservation> all(Connection connection) throws SQLException {
    List<Reservation> rows = new ArrayList<>();
    try (Statement sql = connection.createStatement();
        ResultSet row =
            sql.executeQuery(
                "SELECT rule_name, app_name, node_offset, reserved FROM id_server_counter")) {
      while (row.next()) {
        Namespace namespace =
            new Namespace(
                new String(row.getBytes(1), StandardCharsets.UTF_8),
                new String(row.getBytes(2), StandardCharsets.UTF_8));
        // a row without a rule is no counter: it is the time promised to time ids
        if (!namespace.rule().isEmpty()) {
          rows.add(new Reservation(namespace, row.getInt(3), row.getLong(4)));
        }
      }
    }
    return rows;
  }

  /**
   * All rows that the embedded database holds on disk. The server must be down. A copy is read:
   * opening repairs a file after a kill, which is for the server to do.
   */
  static List<Reservation> embedded(Path data) throws IOException, SQLException {
    Path copy = Folders.fresh("reservations");
    Files.copy(data.resolve("counter.mv.db"), copy.resolve("counter.mv.db"));
    String url = "jdbc:h2:file:%s;MODE=MySQL;IFEXISTS=TRUE".formatted(copy.resolve("counter"));
    try (Connection connection = DriverManager.getConnection(url, "sa", "")) {
      return all(connection);
    }
  }
}
