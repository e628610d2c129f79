package idserver.store;

import idserver.testing.MariaDb;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** One MariaDB for all the tests of the store: to install one takes seconds. */
final class RealMariaDb {
  private static @Nullable MariaDb mariaDb;

  private RealMariaDb() {}

  static synchronized MariaDb get() throws IOException, SQLException {
    if (mariaDb == null) {
      mariaDb = MariaDb.fresh("store");
    }
    return mariaDb;
  }

  /** As the document's user, in a schema of that name. */
  static DatabaseSettings settings(String schema) throws IOException, SQLException {
    return new DatabaseSettings("127.0.0.1", get().port(), MariaDb.USER, MariaDb.PASSWORD, schema);
  }

  /** Makes an empty schema, in the place of an older one, that the document's user may use. */
  static DatabaseSettings emptySchema(String schema) throws IOException, SQLException {
    execute(
        "DROP DATABASE IF EXISTS " + schema,
        "CREATE DATABASE " + schema,
        "GRANT SELECT, INSERT, UPDATE, CREATE ON " + schema + ".* TO '" + MariaDb.USER + "'@'%'");
    return settings(schema);
  }

  static Connection root() throws IOException, SQLException {
    return get().connect("root", "", "mysql");
  }

  /** Executes statements as the administrator. */
  static void execute(String... statements) throws IOException, SQLException {
    try (Connection root = root();
        Statement statement = root.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
