package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import idserver.testing.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaTest {
  private static final Path SCRIPT = Path.of("deploy", "counter.sql");
  private static final String ROW =
      "INSERT INTO id_server_counter VALUES ('rule', 'app', 0, 1, 0, 2, 3, 1, 4)";
  private static final String COUNTERS =
      "CREATE TABLE id_server_counter (rule_name VARBINARY(255), app_name VARBINARY(255),"
          + " node_offset INT, period BIGINT, reserved BIGINT, last_time BIGINT, version BIGINT)";
  private static final String HELD =
      "CREATE TABLE id_server_held (rule_name VARBINARY(255), app_name VARBINARY(255), slot BIGINT,"
          + " period BIGINT, number BIGINT, state VARCHAR(16), request_id VARBINARY(64), id_text"
          + " VARBINARY(256), made_at BIGINT, held_until BIGINT, version BIGINT)";

  private static final String RULES =
      "CREATE TABLE id_server_rule (rule_name VARBINARY(255) PRIMARY KEY, allocation VARCHAR(16),"
          + " layout VARCHAR(16), epoch BIGINT, version BIGINT)";
  private static final String OTHER_COLUMNS =
      "CREATE TABLE id_server_counter (rule_name VARBINARY(255), counter BIGINT)";

  private static List<String> rows(Connection connection, String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          columns.add(String.valueOf(result.getString(i)));
        }
        rows.add(String.join(" ", columns));
      }
    }
    return rows;
  }

  private static List<String> columnsOnMariaDb(String schema) throws Exception {
    try (Connection root = RealMariaDb.root()) {
      return rows(
          root,
          "SELECT c.table_name, column_name, column_type, is_nullable, column_key, engine"
              + " FROM information_schema.columns c JOIN information_schema.tables t"
              + " USING (table_schema, table_name) WHERE table_schema = '"
              + schema
              + "' ORDER BY c.table_name, ordinal_position");
    }
  }

  private static void execute(Database database, String... statements) throws SQLException {
    try (Connection connection = database.driver().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static void createsWhatIsMissingAndKeepsWhatIsThere(Database database) throws Exception {
    database.prepare();
    execute(database, ROW);

    database.prepare();

    try (Connection connection = database.driver().getConnection()) {
      assertThat(rows(connection, "SELECT reserved, version FROM id_server_counter"))
          .containsExactly("2 4");
      assertThat(rows(connection, "SELECT * FROM id_server_node")).isEmpty();
    }
  }

  @Test
  void onH2CreatesWhatIsMissingAndKeepsWhatIsThere(@TempDir Path directory) throws Exception {
    createsWhatIsMissingAndKeepsWhatIsThere(Database.embedded(directory));
  }

  @Test
  void onMariaDbCreatesWhatIsMissingAndKeepsWhatIsThere() throws Exception {
    createsWhatIsMissingAndKeepsWhatIsThere(
        Database.server(RealMariaDb.emptySchema("schema_created")));
  }

  @Test
  void createsTheOneTableThatIsMissing() throws Exception {
    Database database = Database.server(RealMariaDb.emptySchema("schema_half"));
    database.prepare();
    execute(database, ROW);
    RealMariaDb.execute("DROP TABLE schema_half.id_server_node");

    database.prepare();

    try (Connection connection = database.driver().getConnection()) {
      assertThat(rows(connection, "SELECT reserved FROM id_server_counter")).containsExactly("2");
      assertThat(rows(connection, "SELECT * FROM id_server_node")).isEmpty();
    }
  }

  @Test
  void aUserWithoutThePrivilegeToCreateNeedsNoneWhereTheTablesAreThere() throws Exception {
    DatabaseSettings settings = RealMariaDb.emptySchema("schema_present");
    Database.server(settings).prepare();
    Database poor = poor(settings);

    poor.prepare();

    try (LocalTransactions transactions = new LocalTransactions(poor.driver())) {
      JpaBlockStore store =
          new JpaBlockStore(transactions, Durability.BY_COMMIT, 0, new IdStep(0, 1));
      store.rehearse(3);
      assertThat(store.reserve(List.of(Wishes.of("app"))).get(0).first()).isZero();
      NodeEntry entry = new Nodes(transactions, true).enter(Claims.of("machine", "process"), false);
      assertThat(entry.faults()).isEmpty();
    }
  }

  @Test
  void aUserWithoutThePrivilegeToCreateIsToldSoWhereTheTablesAreMissing() throws Exception {
    Database poor = poor(RealMariaDb.emptySchema("schema_missing"));

    assertThatThrownBy(poor::prepare)
        .isInstanceOf(SQLException.class)
        .message()
        .contains("poor@", "CREATE command denied", "id_server_counter")
        .doesNotContain("\n", "p00r");
  }

  private static final String NODES_BEFORE_THE_LEASE =
      "CREATE TABLE id_server_node (node_offset INT NOT NULL, id_step INT NOT NULL,"
          + " time_zone VARCHAR(64) NOT NULL, started BIGINT NOT NULL, version BIGINT NOT NULL,"
          + " PRIMARY KEY (node_offset))";

  private static void addsWhatATableOfAnEarlierVersionLacks(Database database) throws Exception {
    execute(
        database, NODES_BEFORE_THE_LEASE, "INSERT INTO id_server_node VALUES (0, 1, 'UTC', 5, 6)");

    database.prepare();
    database.prepare();

    try (Connection connection = database.driver().getConnection()) {
      assertThat(
              rows(
                  connection,
                  "SELECT id_step, started, instance, owner, lease_until, version"
                      + " FROM id_server_node"))
          .containsExactly("1 5   0 6");
    }
  }

  @Test
  void onH2AddsWhatATableOfAnEarlierVersionLacks(@TempDir Path directory) throws Exception {
    addsWhatATableOfAnEarlierVersionLacks(Database.embedded(directory));
  }

  @Test
  void onMariaDbAddsWhatATableOfAnEarlierVersionLacks() throws Exception {
    DatabaseSettings settings = RealMariaDb.emptySchema("schema_earlier");
    RealMariaDb.execute("GRANT ALTER ON schema_earlier.* TO '" + settings.user() + "'@'%'");
    addsWhatATableOfAnEarlierVersionLacks(Database.server(settings));
  }

  @Test
  void whoMayNotAlterATableOfAnEarlierVersionIsToldTheStatementAndItWorks() throws Exception {
    DatabaseSettings settings = RealMariaDb.emptySchema("schema_earlier_poor");
    execute(Database.server(settings), NODES_BEFORE_THE_LEASE);
    Database poor = poor(settings);
    execute(Database.server(settings), COUNTERS);
    execute(Database.server(settings), RULES);
    execute(Database.server(settings), HELD);

    String message =
        String.valueOf(catchThrowableOfType(SQLException.class, poor::prepare).getMessage());

    assertThat(message).contains("earlier version").doesNotContain("\n", "p00r");
    // both tables: of the counters as well
    String[] statements =
        message.substring(message.indexOf("ALTER TABLE "), message.indexOf("; (")).split("; ");
    assertThat(statements).hasSize(3);
    RealMariaDb.execute("USE schema_earlier_poor", statements[0], statements[1], statements[2]);
    poor.prepare();
  }

  @Test
  void whoMayNotMakeATableThatAnEarlierVersionLackedIsToldTheScript() throws Exception {
    DatabaseSettings settings = RealMariaDb.emptySchema("schema_without_rules");
    execute(Database.server(settings), NODES_BEFORE_THE_LEASE);
    execute(Database.server(settings), COUNTERS);

    assertThatThrownBy(poor(settings)::prepare)
        .message()
        .contains("a table is missing", "mysql < deploy/counter.sql", "denied")
        .doesNotContain("\n", "p00r");
  }

  private static Database poor(DatabaseSettings settings) throws Exception {
    RealMariaDb.execute(
        "CREATE OR REPLACE USER 'poor'@'%' IDENTIFIED BY 'p00r'",
        "GRANT SELECT, INSERT, UPDATE ON " + settings.dbname() + ".* TO 'poor'@'%'");
    return Database.server(
        new DatabaseSettings(settings.host(), settings.port(), "poor", "p00r", settings.dbname()));
  }

  @Test
  void onMariaDbATableWithOtherColumnsIsRefusedAndKept() throws Exception {
    Database database = Database.server(RealMariaDb.emptySchema("schema_other"));
    execute(database, OTHER_COLUMNS);

    assertThatThrownBy(database::prepare)
        .isInstanceOf(SQLException.class)
        .message()
        .contains("The database refuses", "Unknown column 'app_name'")
        .doesNotContain("\n");
    assertThat(columnsOnMariaDb("schema_other"))
        .filteredOn(column -> column.startsWith("id_server_counter"))
        .hasSize(2);
  }

  @Test
  void onH2ATableWithOtherColumnsIsRefused(@TempDir Path directory) throws Exception {
    Database database = Database.embedded(directory);
    execute(database, OTHER_COLUMNS);

    assertThatThrownBy(database::prepare)
        .isInstanceOf(SQLException.class)
        .message()
        .containsIgnoringCase("column \"APP_NAME\" not found")
        .doesNotContain("\n");
  }

  @Test
  void theScriptMakesTheSameTablesAndCanRunAgain(@TempDir Path directory) throws Exception {
    Database.server(RealMariaDb.emptySchema("schema_by_server")).prepare();
    Path script = directory.resolve("counter.sql");
    // in a schema of its own, as its first lines say how to
    Files.writeString(script, Files.readString(SCRIPT).replace("id_counter", "schema_by_script"));
    RealMariaDb.execute("DROP DATABASE IF EXISTS schema_by_script");

    for (int run = 0; run < 2; run++) {
      Outcome outcome = RealMariaDb.get().source(script);
      assertThat(outcome.text()).isEmpty();
      assertThat(outcome.exitCode()).isZero();
    }

    assertThat(columnsOnMariaDb("schema_by_script"))
        .isEqualTo(columnsOnMariaDb("schema_by_server"))
        .contains(
            "id_server_counter rule_name varbinary(255) NO PRI InnoDB",
            "id_server_counter node_offset int(11) NO PRI InnoDB",
            "id_server_counter reserved bigint(20) NO  InnoDB")
        .hasSize(36);
  }

  @Test
  void theScriptAsItStandsMakesTheSchemaOfTheDocument() throws Exception {
    RealMariaDb.execute("DROP DATABASE IF EXISTS id_counter");

    assertThat(RealMariaDb.get().source(SCRIPT).exitCode()).isZero();

    assertThat(columnsOnMariaDb("id_counter")).hasSize(36);
  }
}
