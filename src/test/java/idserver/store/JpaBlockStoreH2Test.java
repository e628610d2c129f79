package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.Grant;
import idserver.reserve.BlockStore;
import idserver.reserve.ConflictException;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JpaBlockStoreH2Test extends JpaBlockStoreContractTest {
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

  @Test
  void aRowThatIsBeingReservedIsLockedForEverybodyElse() throws Exception {
    store(0).reserve(List.of(Wishes.of("app")));
    BlockStore first =
        storeThatIsMeddledWith(
            () ->
                assertThatThrownBy(() -> store(0).reserve(List.of(Wishes.of("app"))))
                    .isInstanceOf(ConflictException.class));

    assertThat(first.reserve(List.of(Wishes.of("app"))).get(0).first()).isEqualTo(10);
    assertThat(reserved("app")).isEqualTo(19);
  }

  @Test
  void everyReservationIsSynchronisedToTheDisk() throws Exception {
    int[] syncs = {0};
    Durability real = durability();
    Durability counted =
        () -> {
          real.sync();
          syncs[0]++;
        };
    JpaBlockStore store = new JpaBlockStore(transactions(), counted, 0, new IdStep(0, 1));

    store.reserve(List.of(Wishes.of("app")));

    assertThat(syncs[0]).isEqualTo(1);
  }

  @Test
  void whatWasReservedIsThereAfterAClose() throws Exception {
    store(0).reserve(List.of(Wishes.of("app")));
    storage().close();
    storage = null;

    Grant grant = store(0).reserve(List.of(Wishes.of("app"))).get(0);

    assertThat(grant.first()).isEqualTo(10);
  }

  @Test
  void whatWasReservedIsThereAfterASigkill() throws Exception {
    Path data = Objects.requireNonNull(directory);
    long last = 0;
    try (ReservingProcess process = ReservingProcess.start(data)) {
      BufferedReader printed = process.printed();
      for (int i = 0; i < 100; i++) {
        last = Long.parseLong(printed.readLine());
      }
      process.kill();
      // what it had printed before it was killed and nobody had read
      for (String line = printed.readLine(); line != null; line = printed.readLine()) {
        last = Math.max(last, Long.parseLong(line));
      }
    }

    assertThat(last).isGreaterThanOrEqualTo(999);
    assertThat(reserved(ReservingProcess.KEY)).isGreaterThanOrEqualTo(last);
  }

  @Test
  void theFileKeepsNamesAsTheirBytes() throws Exception {
    store(0).reserve(List.of(Wishes.of("t\u00e9st")));

    try (Connection connection = storage().database().driver().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT app_name FROM id_server_counter")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getBytes(1)).isEqualTo("t\u00e9st".getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void aBatchReadsItsRowsByTheirKeysAndNoOthers() throws Exception {
    try (Connection connection = storage().database().driver().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("SET QUERY_STATISTICS TRUE");
      store(0).reserve(Wishes.many(2));

      for (String query : reads(statement)) {
        assertThat(plan(connection, query)).contains("PRIMARY_KEY").contains("IN(ROW (");
      }
    }
  }

  /** The queries that have been run for rows of counters. */
  private static List<String> reads(Statement statement) throws Exception {
    List<String> queries = new ArrayList<>();
    try (var rows =
        statement.executeQuery(
            "SELECT sql_statement FROM INFORMATION_SCHEMA.QUERY_STATISTICS"
                + " WHERE sql_statement LIKE 'SELECT % FROM id_server_counter WHERE %'"
                + " AND sql_statement NOT LIKE '%1 = 0'")) {
      while (rows.next()) {
        queries.add(rows.getString(1));
      }
    }
    assertThat(queries).isNotEmpty();
    return queries;
  }

  private static String plan(Connection connection, String query) throws Exception {
    try (var statement = connection.prepareStatement("EXPLAIN " + query)) {
      for (int i = 1; i <= statement.getParameterMetaData().getParameterCount(); i++) {
        statement.setBytes(i, new byte[] {1});
      }
      try (var plan = statement.executeQuery()) {
        assertThat(plan.next()).isTrue();
        return plan.getString(1);
      }
    }
  }
}
