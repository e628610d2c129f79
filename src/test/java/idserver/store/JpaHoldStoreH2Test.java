package idserver.store;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class JpaHoldStoreH2Test extends JpaHoldStoreContractTest {
  @TempDir @Nullable Path directory;

  private @Nullable EmbeddedStorage storage;

  private synchronized EmbeddedStorage storage() throws Exception {
    if (storage == null) {
      storage = new EmbeddedStorage(Objects.requireNonNull(directory));
    }
    return storage;
  }

  @AfterEach
  void close() throws Exception {
    if (storage != null) {
      storage.close();
    }
  }

  @Override
  Transactions transactions() throws Exception {
    return storage().transactions();
  }

  @Override
  Durability durability() throws Exception {
    return storage().durability();
  }
}
