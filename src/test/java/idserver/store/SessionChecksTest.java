package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mysql.cj.jdbc.MysqlDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real MariaDB, set to each wrong value in turn. */
class SessionChecksTest {
  private static final String SCHEMA = "session_checks";

  @BeforeAll
  static void create() throws Exception {
    Database.server(RealMariaDb.emptySchema(SCHEMA)).prepare();
  }

  private static Database database() throws Exception {
    return Database.server(RealMariaDb.settings(SCHEMA));
  }

  @Test
  void aServerAsItComesIsFine() throws Exception {
    assertThatCode(() -> database().prepare()).doesNotThrowAnyException();
    assertThat(database().warnings()).isEmpty();
  }

  @Test
  void aServerThatIsReadOnlyIsRefused() throws Exception {
    RealMariaDb.execute("SET GLOBAL read_only = ON");
    try {
      assertRefused("read_only = ON", "primary");
    } finally {
      RealMariaDb.execute("SET GLOBAL read_only = OFF");
    }
  }

  @Test
  void aTableWithoutTransactionsIsRefusedWithTheStatementThatHelps() throws Exception {
    RealMariaDb.execute("ALTER TABLE " + SCHEMA + ".id_server_counter ENGINE = MyISAM");
    try {
      assertRefused("id_server_counter", "MyISAM", "ALTER TABLE id_server_counter ENGINE = InnoDB");
    } finally {
      RealMariaDb.execute("USE " + SCHEMA, "ALTER TABLE id_server_counter ENGINE = InnoDB");
    }
    assertThatCode(() -> database().prepare()).doesNotThrowAnyException();
  }

  private static void assertRefused(String... words) {
    assertThatThrownBy(() -> database().prepare())
        .isInstanceOf(SQLException.class)
        .message()
        .contains(words)
        .doesNotContain("\n");
  }

  @Test
  void commitsThatAreNotFlushedAreWarnedOf() throws Exception {
    for (int flush : new int[] {0, 2}) {
      RealMariaDb.execute("SET GLOBAL innodb_flush_log_at_trx_commit = " + flush);
      try {
        assertThatCode(() -> database().prepare()).doesNotThrowAnyException();
        assertThat(database().warnings())
            .singleElement()
            .asString()
            .startsWith("innodb_flush_log_at_trx_commit is " + flush + ":");
      } finally {
        RealMariaDb.execute("SET GLOBAL innodb_flush_log_at_trx_commit = 1");
      }
    }
  }

  @Test
  void theServersOwnModeDoesNotMatter() throws Exception {
    RealMariaDb.execute("SET GLOBAL sql_mode = ''");
    try {
      assertThatCode(() -> database().prepare()).doesNotThrowAnyException();
    } finally {
      RealMariaDb.execute("SET GLOBAL sql_mode = DEFAULT");
    }
  }

  @Test
  void aSessionThatCutsValuesOffIsRefused() throws Exception {
    MysqlDataSource lax = (MysqlDataSource) database().driver();
    lax.setJdbcCompliantTruncation(false);
    lax.setSessionVariables("sql_mode=''");
    try (Connection connection = lax.getConnection()) {
      assertThatThrownBy(() -> SessionChecks.refuseWhatBreaksPromises(connection))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("STRICT_TRANS_TABLES");
    }
  }

  @Test
  void theEmbeddedDatabaseNeedsNoSuchCheck(@TempDir Path directory) throws Exception {
    Database embedded = Database.embedded(directory);
    embedded.prepare();

    assertThat(embedded.warnings()).isEmpty();
  }
}
