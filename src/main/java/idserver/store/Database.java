package idserver.store;

import com.mysql.cj.jdbc.AbandonedConnectionCleanupThread;
import com.mysql.cj.jdbc.MysqlDataSource;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/**
 * The two kinds of database: MySQL or MariaDB where one is configured, and the embedded H2 where
 * none is. Immutable.
 */
public final class Database {
  /** A server that does not accept a connection in this time is not there. */
  private static final int CONNECT_TIMEOUT_MS = 1000;

  /** An answer that takes longer is not waited for; the outcome is in doubt then. */
  private static final int SOCKET_TIMEOUT_MS = 2000;

  /** The same for a statement that looks through all counters. */
  private static final int GROWTH_TIMEOUT_MS = 120_000;

  /** A row that another transaction holds is waited for so long, in seconds: the least there is. */
  private static final int LOCK_WAIT_S = 1;

  /** MySQL's error for a schema that does not exist. */
  private static final int UNKNOWN_DATABASE = 1049;

  private final String name;
  private final DataSource driver;
  private final boolean embedded;

  private Database(String name, DataSource driver, boolean embedded) {
    this.name = name;
    this.driver = driver;
    this.embedded = embedded;
  }

  /**
   * The database of a configuration.
   *
   * @param server the database server, or empty for the embedded database
   * @param dataDir where the embedded one has its file
   */
  public static Database of(Optional<DatabaseSettings> server, Path dataDir) {
    return server.map(Database::server).orElseGet(() -> embedded(dataDir));
  }

  /** The embedded database, in the file {@code counter.mv.db} of that directory. */
  public static Database embedded(Path dataDir) {
    JdbcDataSource h2 = new JdbcDataSource();
    // WRITE_DELAY=0: a commit has been written when it returns, and is not lost with the process.
    // DB_CLOSE_ON_EXIT=FALSE: at the end of the process the last write still finds the file open.
    h2.setURL(
        "jdbc:h2:file:"
            + dataDir.resolve("counter")
            + ";MODE=MySQL"
            + ";LOCK_TIMEOUT=500;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0");
    h2.setUser("sa");
    h2.setPassword("");
    return new Database("embedded H2 in " + dataDir, h2, true);
  }

  /** A MySQL or MariaDB server. */
  public static Database server(DatabaseSettings settings) {
    return new Database(settings.toString(), mysql(settings, settings.dbname()), false);
  }

  private static MysqlDataSource mysql(DatabaseSettings settings, String dbname) {
    MysqlDataSource mysql = new MysqlDataSource();
    mysql.setUser(settings.user());
    mysql.setPassword(settings.password());
    try {
      if (settings.isCluster()) {
        nodes(mysql, settings, dbname);
      } else {
        mysql.setServerName(settings.host());
        mysql.setPort(settings.port());
        mysql.setDatabaseName(dbname);
      }
      mysql.setConnectTimeout(CONNECT_TIMEOUT_MS);
      mysql.setSocketTimeout(SOCKET_TIMEOUT_MS);
      mysql.setTcpKeepAlive(true);
      mysql.setRewriteBatchedStatements(true);
      // who waits for a row gives up before the socket does, and leaves no statement behind
      mysql.setSessionVariables("innodb_lock_wait_timeout=" + LOCK_WAIT_S);
      // the names travel as bytes; this is for the messages alone
      mysql.setCharacterEncoding("UTF-8");
    } catch (SQLException e) {
      throw new IllegalStateException("Connector/J does not know a setting", e);
    }
    return mysql;
  }

  /**
   * A cluster: the driver connects to the first node that lets it, and goes on to the next when
   * that is lost. Whatever was under way then fails, and is in doubt like any other.
   */
  private static void nodes(MysqlDataSource mysql, DatabaseSettings settings, String dbname)
      throws SQLException {
    String schema = URLEncoder.encode(dbname, StandardCharsets.UTF_8).replace("+", "%20");
    mysql.setURL("jdbc:mysql://" + String.join(",", settings.nodes()) + "/" + schema);
    // any node is written to
    mysql.setFailOverReadOnly(false);
    // who has gone on to a node stays there, and does not look for the first one again
    mysql.setSecondsBeforeRetrySource(0);
    mysql.setQueriesBeforeRetrySource(0);
  }

  /** The driver's own data source, without a pool. */
  public DataSource driver() {
    return driver;
  }

  /** A connection for a pool, which can tell by it when the database is gone. */
  public Connection connect() throws SQLException {
    Connection connection = driver.getConnection();
    return embedded ? EmbeddedConnection.of(connection) : connection;
  }

  /**
   * Whether other machines may use it as well; the embedded one is held by one process at a time.
   */
  public boolean isShared() {
    return !embedded;
  }

  /**
   * What a reservation needs beyond the commit.
   *
   * @param pool connections to this database
   */
  public Durability durability(DataSource pool) {
    return embedded ? new EmbeddedDurability(pool) : Durability.BY_COMMIT;
  }

  /**
   * Closes the file of the embedded database, and ends the driver's own thread, which else stays
   * where the application is taken away; a database server is left as it is.
   *
   * @param pool connections to this database, of no use afterwards
   */
  public void close(DataSource pool) throws SQLException {
    if (embedded) {
      try (Connection connection = pool.getConnection()) {
        execute(connection, "SHUTDOWN");
      }
    } else {
      AbandonedConnectionCleanupThread.checkedShutdown();
    }
  }

  /**
   * Connects, creates the tables where they are missing, and refuses a server that would not keep
   * what it says.
   *
   * @throws SQLException with a message for the operator, in one line
   */
  public void prepare() throws SQLException {
    try (Connection connection = driver.getConnection()) {
      if (!embedded) {
        SessionChecks.refuseReadOnly(connection);
      }
      Schema.createIfMissing(connection);
      if (!embedded) {
        SessionChecks.refuseWhatBreaksPromises(connection);
      }
    } catch (SQLException e) {
      throw new SQLException(explained(e), e.getSQLState(), e.getErrorCode(), e);
    }
  }

  /** What an operator should change about the database, a line each. */
  public List<String> warnings() throws SQLException {
    if (embedded) {
      return List.of();
    }
    try (Connection connection = driver.getConnection()) {
      return SessionChecks.warnings(connection);
    }
  }

  /**
   * Gives all servers of this database another step or zone, while none runs.
   *
   * @throws SQLException with a message for the operator, in one line
   */
  public NodeMigration.Outcome migrate(NodeMigration migration) throws SQLException {
    prepare();
    try (Connection connection = driver.getConnection()) {
      NodeMigration.Outcome outcome = migration.run(connection, !embedded);
      connection.setAutoCommit(true);
      if (embedded) {
        execute(connection, "CHECKPOINT SYNC");
      }
      return outcome;
    } catch (SQLException e) {
      throw new SQLException(explained(e), e.getSQLState(), e.getErrorCode(), e);
    }
  }

  /**
   * Gives all servers of this database a larger step, while they run.
   *
   * @throws SQLException with a message for the operator, in one line
   */
  public NodeGrowth.Outcome grow(NodeGrowth growth) throws SQLException {
    if (embedded) {
      return new NodeGrowth.Outcome(
          List.of(
              "the embedded database is one server's own: to have more of them, give all a"
                  + " \"database\" in their configuration"),
          1,
          0);
    }
    prepare();
    try (Connection connection = driver.getConnection()) {
      connection.setNetworkTimeout(Runnable::run, GROWTH_TIMEOUT_MS);
      return growth.run(connection);
    } catch (SQLException e) {
      throw new SQLException(explained(e), e.getSQLState(), e.getErrorCode(), e);
    }
  }

  private String explained(SQLException e) {
    String reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    if (embedded) {
      return "The database file cannot be opened: " + name + ": " + reason;
    }
    if (e.getErrorCode() == UNKNOWN_DATABASE) {
      return "The schema does not exist on the database server: "
          + name
          + ". Create it: mysql < deploy/counter.sql";
    }
    if (String.valueOf(e.getSQLState()).startsWith("08")) {
      return "The database cannot be reached: "
          + name
          + ": "
          + rootReason(e)
          + ". Start it, or correct \"database\" in the configuration.";
    }
    return "The database refuses: " + name + ": " + reason;
  }

  private static String rootReason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage()).lines().findFirst().orElse(root.toString());
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
