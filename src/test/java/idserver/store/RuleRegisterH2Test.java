package idserver.store;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class RuleRegisterH2Test extends RuleRegisterContractTest {
  private @Nullable EmbeddedStorage storage;

  @BeforeEach
  void open(@TempDir Path directory) throws Exception {
    storage = new EmbeddedStorage(directory);
  }

  @AfterEach
  void close() throws Exception {
    requireNonNull(storage).close();
  }

  @Override
  Transactions transactions() {
    return requireNonNull(storage).transactions();
  }
}
