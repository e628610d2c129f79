package idserver.store;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class NodeMigrationH2Test extends NodeMigrationContractTest {
  private @Nullable EmbeddedStorage storage;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    storage = new EmbeddedStorage(directory);
  }

  @AfterEach
  void close() throws Exception {
    storage().close();
  }

  private EmbeddedStorage storage() {
    return requireNonNull(storage);
  }

  @Override
  Transactions transactions() {
    return storage().transactions();
  }

  @Override
  Durability durability() {
    return storage().durability();
  }

  @Override
  Connection connection() throws SQLException {
    return storage().database().driver().getConnection();
  }
}
