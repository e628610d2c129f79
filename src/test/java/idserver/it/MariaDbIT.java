package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import idserver.testing.MariaDb;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The database of the other tests is one: real, durable, and it can be hurt. */
class MariaDbIT {

  @Test
  void keepsWhatWasCommittedBeforeItWasKilled() throws Exception {
    try (MariaDb database = MariaDb.fresh("MariaDbIT")) {
      execute(database, "CREATE TABLE numbers (n BIGINT)");
      execute(database, "INSERT INTO numbers VALUES (7)");

      database.kill();
      assertThatThrownBy(database::connect).isInstanceOf(SQLException.class);
      database.start();

      assertThat(number(database, "SELECT n FROM numbers")).isEqualTo(7);
      assertThat(number(database, "SELECT @@innodb_flush_log_at_trx_commit")).isEqualTo(1);

      database.pause();
      var answer = CompletableFuture.supplyAsync(() -> number(database, "SELECT 1"));
      await().during(Duration.ofMillis(200)).until(() -> !answer.isDone());
      database.resume();
      await().untilAsserted(() -> assertThat(answer).isCompletedWithValue(1L));
    }
  }

  private static void execute(MariaDb database, String text) throws SQLException {
    try (Connection connection = database.connect();
        Statement sql = connection.createStatement()) {
      sql.execute(text);
    }
  }

  private static long number(MariaDb database, String query) {
    try (Connection connection = database.connect();
        Statement sql = connection.createStatement();
        ResultSet row = sql.executeQuery(query)) {
      assertThat(row.next()).isTrue();
      return row.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
