package idserver.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** The product's embedded database, and transactions on it. Thread-safe. */
final class EmbeddedStorage implements AutoCloseable {
  private final Database database;
  // as the container's pool does: with its last connection the file would be closed each time
  private final Connection open;
  private final LocalTransactions transactions;

  EmbeddedStorage(Path directory) throws SQLException {
    database = Database.embedded(directory);
    open = database.driver().getConnection();
    database.prepare();
    transactions = new LocalTransactions(database.driver());
  }

  Database database() {
    return database;
  }

  Transactions transactions() {
    return transactions;
  }

  Durability durability() {
    return database.durability(database.driver());
  }

  @Override
  public void close() throws SQLException {
    transactions.close();
    open.close();
  }
}
