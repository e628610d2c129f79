package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import com.mysql.cj.jdbc.MysqlDataSource;
import idserver.testing.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatabaseTest {
  private static DatabaseSettings settings(String password) throws Exception {
    DatabaseSettings good = RealMariaDb.settings("id_counter");
    return new DatabaseSettings(good.host(), good.port(), good.user(), password, good.dbname());
  }

  private static AbstractStringAssert<?> assertRefusalOf(Database database) {
    return assertThatThrownBy(database::prepare)
        .isInstanceOf(SQLException.class)
        .message()
        .asInstanceOf(STRING)
        .doesNotContain("\n", "\r", "s3cr3t");
  }

  @Test
  void aConnectionIsNotValidOnceTheEmbeddedDatabaseHasClosedUnderIt(@TempDir Path directory)
      throws Exception {
    Database database = Database.embedded(directory);
    try (Connection idle = database.connect();
        Connection other = database.connect();
        Statement statement = other.createStatement()) {
      assertThat(idle.isValid(1)).isTrue();

      statement.execute("SHUTDOWN IMMEDIATELY");

      assertThat(idle.isValid(1)).isFalse();
      try (Connection next = database.connect()) {
        assertThat(next.isValid(1)).isTrue();
      }
    }
  }

  @Test
  void aServerThatIsNotThereIsNamedWithWhatToDo() throws Exception {
    int port = FreePorts.next();

    assertRefusalOf(
            Database.server(new DatabaseSettings("127.0.0.1", port, "dev", "s3cr3t", "ids")))
        .isEqualTo(
            "The database cannot be reached: dev@127.0.0.1:%d/ids: Connection refused. Start it, or correct \"database\" in the configuration."
                .formatted(port));
  }

  @Test
  void aHostThatDoesNotExistIsNamed() {
    DatabaseSettings nowhere = new DatabaseSettings("no.such.host", 3306, "dev", "s3cr3t", "ids");

    assertRefusalOf(Database.server(nowhere))
        .startsWith("The database cannot be reached: dev@no.such.host:3306/ids: ");
  }

  @Test
  void aWrongPasswordIsToldWithoutIt() throws Exception {
    assertRefusalOf(Database.server(settings("s3cr3t")))
        .startsWith("The database refuses: dev@127.0.0.1:")
        .contains("Access denied for user 'dev'@'127.0.0.1'");
  }

  @Test
  void aSchemaThatDoesNotExistIsToldWithTheScriptThatCreatesIt() throws Exception {
    RealMariaDb.emptySchema("dropped");
    RealMariaDb.execute("DROP DATABASE dropped");

    assertRefusalOf(Database.server(RealMariaDb.settings("dropped")))
        .startsWith("The schema does not exist on the database server: dev@127.0.0.1:")
        .endsWith("/dropped. Create it: mysql < deploy/counter.sql");
  }

  @Test
  void aSchemaThatTheUserMayNotSeeIsNamed() throws Exception {
    assertRefusalOf(Database.server(RealMariaDb.settings("forbidden")))
        .startsWith("The database refuses: dev@127.0.0.1:")
        .contains("'forbidden'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "it's",
        "a \"quoted\" one",
        "a&b=c?d#e",
        "100%25 %zz",
        " blanks around ",
        "p\u00e4ssw\u00f6rd\u5bc6\u7801\uD83D\uDE00",
        "back\\slash",
        "{}[]();,:/@+*~`$!"
      })
  void awkwardPasswordsWork(String password) throws Exception {
    DatabaseSettings schema = RealMariaDb.emptySchema("awkward");
    try (Connection root = RealMariaDb.root();
        PreparedStatement create =
            root.prepareStatement("CREATE OR REPLACE USER 'awkward'@'%' IDENTIFIED BY ?")) {
      create.setString(1, password);
      create.execute();
    }
    RealMariaDb.execute("GRANT ALL ON awkward.* TO 'awkward'@'%'");

    Database.server(
            new DatabaseSettings(schema.host(), schema.port(), "awkward", password, "awkward"))
        .prepare();
  }

  @Test
  void noAnswerIsWaitedForWithoutEnd() throws Exception {
    MysqlDataSource driver = (MysqlDataSource) Database.server(settings("")).driver();

    assertThat(driver.getConnectTimeout()).isEqualTo(1000);
    assertThat(driver.getSocketTimeout()).isEqualTo(2000);
  }

  @Test
  void itsNameHasNoPassword() throws Exception {
    assertThat(Database.server(settings("s3cr3t"))).hasToString(settings("").toString());
    assertThat(settings("s3cr3t").toString()).doesNotContain("s3cr3t");
  }

  @Test
  void withoutAServerItIsTheEmbeddedOne(@TempDir Path directory) throws Exception {
    Database.of(Optional.empty(), directory).prepare();

    assertThat(directory.resolve("counter.mv.db")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"with blanks", "percent%20", "am&persand", "it's"})
  void theEmbeddedOneLiesInADirectoryOfAnyName(String name, @TempDir Path directory)
      throws Exception {
    Path data = Files.createDirectory(directory.resolve(name));

    Database.embedded(data).prepare();

    assertThat(data.resolve("counter.mv.db")).exists();
  }

  @Test
  void aFileInUseByAnotherProcessIsToldInOneLine(@TempDir Path directory) throws Exception {
    try (ReservingProcess process = ReservingProcess.start(directory)) {
      assertThat(process.printed().readLine()).isNotNull();

      assertRefusalOf(Database.embedded(directory))
          .startsWith("The database file cannot be opened: embedded H2 in " + directory)
          .contains("already in use");
    }
  }

  @Test
  void aFileThatIsNoDatabaseIsToldInOneLine(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("counter.mv.db"), "no database\n".repeat(1000));

    assertRefusalOf(Database.embedded(directory))
        .startsWith("The database file cannot be opened: embedded H2 in " + directory);
  }

  @Test
  void closingTheEmbeddedOneLetsGoOfItsFile(@TempDir Path directory) throws Exception {
    Database database = Database.embedded(directory);
    database.prepare();
    try (Connection open = database.driver().getConnection()) {
      database.close(database.driver());
      assertThat(open.isClosed()).isTrue();
    }

    try (ReservingProcess process = ReservingProcess.start(directory)) {
      assertThat(process.printed().readLine()).isEqualTo("9");
    }
  }
}
