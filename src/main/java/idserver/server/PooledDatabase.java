package idserver.server;

import idserver.config.ConfigException;
import idserver.config.ConfigFile;
import idserver.config.ConfigReader;
import idserver.config.ServerConfig;
import idserver.store.Database;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What the container's pool gets its connections from: the database of the configuration. The
 * container makes it by its class name, before anything of ours runs. Thread-safe.
 */
public class PooledDatabase implements DataSource {
  private @Nullable Database database;

  private synchronized Database database() throws SQLException {
    if (database == null) {
      try {
        ServerConfig config = ConfigReader.read(ConfigFile.path());
        database = Database.of(config.database(), config.dataDir());
      } catch (ConfigException e) {
        throw new SQLException("The configuration cannot be used: " + e.getMessage(), e);
      }
    }
    return database;
  }

  private DataSource driver() throws SQLException {
    return database().driver();
  }

  @Override
  public Connection getConnection() throws SQLException {
    return database().connect();
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    // the pool asks with the user it was defined with, which is none; the configuration's counts
    return database().connect();
  }

  @Override
  public PrintWriter getLogWriter() throws SQLException {
    return driver().getLogWriter();
  }

  @Override
  public void setLogWriter(PrintWriter out) throws SQLException {
    driver().setLogWriter(out);
  }

  @Override
  public void setLoginTimeout(int seconds) throws SQLException {
    driver().setLoginTimeout(seconds);
  }

  @Override
  public int getLoginTimeout() throws SQLException {
    return driver().getLoginTimeout();
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    return driver().unwrap(type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) throws SQLException {
    return driver().isWrapperFor(type);
  }
}
