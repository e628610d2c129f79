package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.mysql.cj.jdbc.MysqlDataSource;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.Wish;
import idserver.reserve.BlockStore;
import idserver.reserve.ConflictException;
import idserver.reserve.StoreException;
import idserver.testing.CommitProxy;
import idserver.testing.FreePorts;
import idserver.testing.MariaDb;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JpaBlockStoreMariaDbTest extends JpaBlockStoreContractTest {
  private static final String SCHEMA = "block_store";

  private static @Nullable LocalTransactions transactions;
  private static @Nullable LocalTransactions proxied;
  private static @Nullable CommitProxy proxy;

  @BeforeAll
  static void open() throws Exception {
    DatabaseSettings settings = RealMariaDb.emptySchema(SCHEMA);
    Database database = Database.server(settings);
    database.prepare();
    transactions = new LocalTransactions(database.driver());
    proxy = new CommitProxy(settings.port());
    proxied = new LocalTransactions(Database.server(at(settings, proxy.port())).driver());
  }

  private static DatabaseSettings at(DatabaseSettings settings, int port) {
    return new DatabaseSettings(
        settings.host(), port, settings.user(), settings.password(), settings.dbname());
  }

  @AfterAll
  static void close() throws Exception {
    Objects.requireNonNull(transactions).close();
    Objects.requireNonNull(proxied).close();
    Objects.requireNonNull(proxy).close();
  }

  @BeforeEach
  void empty() throws Exception {
    RealMariaDb.execute("TRUNCATE TABLE " + SCHEMA + ".id_server_counter");
  }

  @Override
  Transactions transactions() {
    return Objects.requireNonNull(transactions);
  }

  @Override
  Durability durability() {
    return Durability.BY_COMMIT;
  }

  private BlockStore storeBehindTheProxy() {
    return new JpaBlockStore(
        Objects.requireNonNull(proxied), Durability.BY_COMMIT, 0, new IdStep(0, 1));
  }

  private static CommitProxy proxy() {
    return Objects.requireNonNull(proxy);
  }

  @Test
  void fiveHundredWishesAreOneCommit() throws Exception {
    BlockStore store = storeBehindTheProxy();
    store.reserve(Wishes.many(500));
    int before = proxy().commits();

    store.reserve(Wishes.many(500));

    assertThat(proxy().commits() - before).isEqualTo(1);
  }

  @Test
  void aConflictIsToldAsOneWhereTheDatabaseItselfNoticesIt() throws Exception {
    // the default of MariaDB 11.6.2 and later
    RealMariaDb.execute("SET GLOBAL innodb_snapshot_isolation = ON");
    try {
      aRowThatAnotherChangedMeanwhileIsAConflict();
      thoseWhoRaceForTheSameRowsGetDisjointBlocksAndMeetOnlyConflicts();
    } finally {
      RealMariaDb.execute("SET GLOBAL innodb_snapshot_isolation = OFF");
    }
  }

  @Test
  void aCommitThatTheDatabaseNeverHeardOfIsAFailure() throws Exception {
    BlockStore store = storeBehindTheProxy();
    store.reserve(List.of(Wishes.of("app")));
    proxy().loseNext(CommitProxy.Loss.REQUEST);

    assertThatThrownBy(() -> store.reserve(List.of(Wishes.of("app"))))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(ConflictException.class);
    assertThat(reserved("app")).isEqualTo(9);
  }

  @Test
  void aCommitWhoseAnswerWasLostIsAFailureAndTheNextBlockIsAboveIt() throws Exception {
    BlockStore store = storeBehindTheProxy();
    proxy().loseNext(CommitProxy.Loss.ANSWER);

    assertThatThrownBy(() -> store.reserve(List.of(Wishes.of("app"))))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(ConflictException.class);
    await().untilAsserted(() -> assertThat(reserved("app")).isEqualTo(9));

    assertThat(store.reserve(List.of(Wishes.of("app"))).get(0).first()).isEqualTo(10);
  }

  @Test
  void aCommitOfADatabaseThatWasKilledBeforeItIsAFailure() throws Exception {
    MariaDb mariaDb = RealMariaDb.get();
    BlockStore store =
        new JpaBlockStore(
            Meddling.beforeCommit(transactions(), mariaDb::kill),
            Durability.BY_COMMIT,
            0,
            new IdStep(0, 1));
    try {
      assertThatThrownBy(() -> store.reserve(List.of(Wishes.of("app"))))
          .isInstanceOf(StoreException.class)
          .isNotInstanceOf(ConflictException.class);
    } finally {
      mariaDb.start();
    }
    assertThat(reserved("app")).isEqualTo(-1);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void whatWasGrantedBeforeAKillIsThereAfterIt(long seed) throws Exception {
    MariaDb mariaDb = RealMariaDb.get();
    AtomicLong granted = new AtomicLong(-1);
    ExecutorService writer = Executors.newSingleThreadExecutor();
    try {
      Future<?> failed = writer.submit(() -> reserveUntilItFails(granted));
      int enough = 200 + new Random(seed).nextInt(500);
      await().until(() -> granted.get() >= enough || failed.isDone());
      mariaDb.kill();
      failed.get();
    } finally {
      writer.shutdownNow();
      mariaDb.start();
    }
    assertThat(reserved("app")).isGreaterThanOrEqualTo(granted.get());
  }

  private void reserveUntilItFails(AtomicLong granted) {
    BlockStore store = store(0);
    try {
      while (true) {
        Grant grant = store.reserve(List.of(Wishes.of("app"))).get(0);
        granted.set(grant.first() + grant.size() - 1);
      }
    } catch (StoreException e) {
      assertThat(e).isNotInstanceOf(ConflictException.class);
    }
  }

  @Test
  void aFailureIsToldInOneLineWithoutSqlOrPassword() throws Exception {
    DatabaseSettings good = RealMariaDb.settings(SCHEMA);
    DatabaseSettings badPassword =
        new DatabaseSettings(good.host(), good.port(), good.user(), "s3cr3t", good.dbname());
    DatabaseSettings noServer = at(good, FreePorts.next());
    DatabaseSettings noTable = RealMariaDb.emptySchema("no_table");

    for (DatabaseSettings settings : List.of(badPassword, noServer, noTable)) {
      try (LocalTransactions broken = new LocalTransactions(Database.server(settings).driver())) {
        assertTellsOneLine(new JpaBlockStore(broken, Durability.BY_COMMIT, 0, new IdStep(0, 1)));
      }
    }
  }

  @Test
  void aFailedWriteIsToldInOneLineWithoutSql() throws Exception {
    RealMariaDb.execute(
        "ALTER TABLE " + SCHEMA + ".id_server_counter ADD CONSTRAINT full CHECK (reserved < 0)");
    try {
      assertThatThrownBy(() -> store(0).reserve(List.of(Wishes.of("app"))))
          .isInstanceOf(StoreException.class)
          .message()
          .isNotEmpty()
          .doesNotContainIgnoringCase("insert")
          .doesNotContain("\n", "\r");
    } finally {
      RealMariaDb.execute("ALTER TABLE " + SCHEMA + ".id_server_counter DROP CONSTRAINT full");
    }
  }

  private static void assertTellsOneLine(BlockStore store) {
    assertThatThrownBy(() -> store.reserve(List.of(Wishes.of("app"))))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(ConflictException.class)
        .message()
        .isNotEmpty()
        .doesNotContainIgnoringCase("select ", "insert ", "update ")
        .doesNotContain("s3cr3t", MariaDb.PASSWORD + "@", "\n", "\r");
  }

  @Test
  void aRowThatAnotherChangedMeanwhileIsAConflict() throws Exception {
    store(0).reserve(List.of(Wishes.of("app")));
    BlockStore meddled = storeThatIsMeddledWith(() -> store(0).reserve(List.of(Wishes.of("app"))));

    assertThatThrownBy(() -> meddled.reserve(List.of(Wishes.of("app"))))
        .isInstanceOf(ConflictException.class);
    assertThat(reserved("app")).isEqualTo(19);
  }

  @Test
  void aRowThatAnotherChangedMeanwhileIsNotGivenBack() throws Exception {
    store(0).reserve(List.of(Wishes.of("app")));
    BlockStore meddled = storeThatIsMeddledWith(() -> store(0).reserve(List.of(Wishes.of("app"))));
    List<Leftover> leftovers = List.of(new Leftover(Wishes.of("app").key(), false, 0, 9, 3));

    assertThatThrownBy(() -> meddled.giveBack(leftovers)).isInstanceOf(ConflictException.class);
    assertThat(reserved("app")).isEqualTo(19);
  }

  @Test
  void oneChangedRowAmongFiveHundredIsAConflictThatChangesNone() throws Exception {
    List<Wish> wishes = Wishes.many(500);
    store(0).reserve(wishes);
    BlockStore meddled =
        storeThatIsMeddledWith(() -> store(0).reserve(List.of(Wishes.of("app 250"))));

    assertThatThrownBy(() -> meddled.reserve(wishes)).isInstanceOf(ConflictException.class);
    assertThat(reserved("app 250")).isEqualTo(19);
    assertThat(reserved("app 0")).isEqualTo(9);
    assertThat(reserved("app 499")).isEqualTo(9);
  }

  @Test
  void aRowThatAnotherHoldsIsAConflictBeforeTheSocketTimesOut() throws Exception {
    store(0).reserve(List.of(Wishes.of("app")));
    try (Connection holder = holdingTheRow()) {
      assertThatThrownBy(() -> store(0).reserve(List.of(Wishes.of("app"))))
          .isInstanceOf(ConflictException.class);
      holder.rollback();
    }
    assertThat(store(0).reserve(List.of(Wishes.of("app"))).get(0).first()).isEqualTo(10);
  }

  /** Its client has long given up when it is carried out, and has gone on elsewhere. */
  @Test
  void aLateStatementChangesNothing() throws Exception {
    store(0).reserve(List.of(Wishes.of("app")));
    MysqlDataSource patient =
        (MysqlDataSource) Database.server(RealMariaDb.settings(SCHEMA)).driver();
    patient.setSessionVariables("innodb_lock_wait_timeout=50");
    try (LocalTransactions late = new LocalTransactions(patient);
        Connection holder = holdingTheRow()) {
      BlockStore store = new JpaBlockStore(late, Durability.BY_COMMIT, 0, new IdStep(0, 1));
      assertThatThrownBy(() -> store.reserve(List.of(Wishes.of("app"))))
          .isInstanceOf(StoreException.class)
          .isNotInstanceOf(ConflictException.class);
      assertThat(waitingStatements()).as("the late one").isEqualTo(1);

      // another process goes on from the row, and the late statement gets its turn
      try (Statement sql = holder.createStatement()) {
        sql.execute("UPDATE id_server_counter SET reserved = 19, version = version + 1");
      }
      holder.commit();
      await().untilAsserted(() -> assertThat(waitingStatements()).isZero());
    }
    assertThat(reserved("app")).isEqualTo(19);
    assertThat(store(0).reserve(List.of(Wishes.of("app"))).get(0).first()).isEqualTo(20);
  }

  private static Connection holdingTheRow() throws Exception {
    Connection holder = Database.server(RealMariaDb.settings(SCHEMA)).driver().getConnection();
    holder.setAutoCommit(false);
    try (Statement sql = holder.createStatement()) {
      sql.executeQuery("SELECT * FROM id_server_counter FOR UPDATE").close();
    }
    return holder;
  }

  private static long waitingStatements() throws Exception {
    try (Connection root = RealMariaDb.root();
        Statement sql = root.createStatement();
        ResultSet row =
            sql.executeQuery(
                "SELECT COUNT(*) FROM information_schema.innodb_trx"
                    + " WHERE trx_state = 'LOCK WAIT'")) {
      assertThat(row.next()).isTrue();
      return row.getLong(1);
    }
  }
}
