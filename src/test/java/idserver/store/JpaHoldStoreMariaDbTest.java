package idserver.store;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

class JpaHoldStoreMariaDbTest extends JpaHoldStoreContractTest {
  private static final String SCHEMA = "held";

  private static @Nullable LocalTransactions transactions;

  @BeforeAll
  static void open() throws Exception {
    Database database = Database.server(RealMariaDb.emptySchema(SCHEMA));
    database.prepare();
    transactions = new LocalTransactions(database.driver());
  }

  @AfterAll
  static void close() {
    requireNonNull(transactions).close();
  }

  @BeforeEach
  void empty() throws Exception {
    RealMariaDb.execute(
        "TRUNCATE TABLE " + SCHEMA + ".id_server_counter",
        "TRUNCATE TABLE " + SCHEMA + ".id_server_held");
  }

  @Override
  Transactions transactions() {
    return requireNonNull(transactions);
  }

  @Override
  Durability durability() {
    return Durability.BY_COMMIT;
  }
}
