package idserver.store;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the embedded database that asks it whether it is still there. H2 closes a
 * database that it could not write, as on a full disk, and opens it again for the next connection;
 * but those that were open then say for ever that they are valid. As thread-safe as H2's own.
 */
final class EmbeddedConnection implements InvocationHandler {
  private final Connection connection;

  private EmbeddedConnection(Connection connection) {
    this.connection = connection;
  }

  static Connection of(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            EmbeddedConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            new EmbeddedConnection(connection));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      Object result = method.invoke(connection, arguments);
      return method.getName().equals("isValid") ? Boolean.TRUE.equals(result) && answers() : result;
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private boolean answers() {
    try (Statement statement = connection.createStatement()) {
      return statement.execute("SELECT 1");
    } catch (SQLException e) {
      return false;
    }
  }
}
