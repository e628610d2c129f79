package idserver.store;

import jakarta.persistence.LockModeType;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * What H2 needs. Its commits are written when they return; a checkpoint brings them to the disk.
 * And rows are locked when they are read: of concurrent updates by the same version, H2 2.3 and 2.4
 * let one in some thousands succeed twice (src/docs/decisions/008-lock-rows-on-h2.md).
 */
final class EmbeddedDurability implements Durability {
  private final DataSource pool;

  EmbeddedDurability(DataSource pool) {
    this.pool = pool;
  }

  @Override
  public void sync() throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CHECKPOINT SYNC");
    }
  }

  @Override
  public LockModeType lockMode() {
    return LockModeType.PESSIMISTIC_WRITE;
  }
}
