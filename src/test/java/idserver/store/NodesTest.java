package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodesTest {
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
    return Objects.requireNonNull(storage);
  }

  private Nodes nodes() {
    return new Nodes(storage().transactions());
  }

  private long started(int nodeOffset) throws Exception {
    try (Connection connection = storage().database().driver().getConnection();
        ResultSet row =
            connection
                .createStatement()
                .executeQuery(
                    "SELECT started FROM id_server_node WHERE node_offset = " + nodeOffset)) {
      assertThat(row.next()).isTrue();
      return row.getLong(1);
    }
  }

  @Test
  void theFirstStartIsNoted() throws Exception {
    assertThat(nodes().enter(0, 2, "UTC", 1000)).isEmpty();

    assertThat(started(0)).isEqualTo(1000);
  }

  @Test
  void aStartWithTheSameSettingsIsNotedAgain() throws Exception {
    nodes().enter(0, 2, "UTC", 1000);

    assertThat(nodes().enter(0, 2, "UTC", 2000)).isEmpty();
    assertThat(started(0)).isEqualTo(2000);
  }

  @Test
  void aChangedStepIsRefusedWithBothValuesAndWhatToDo() throws Exception {
    nodes().enter(1, 2, "UTC", 1000);

    assertThat(nodes().enter(1, 3, "UTC", 2000))
        .singleElement(STRING)
        .startsWith("id_step: the numbers in the database were issued with 2,")
        .contains("the configuration has 3", "node_offset 1", "id_server_node")
        .doesNotContain("\n");
    assertThat(started(1)).isEqualTo(1000);
  }

  @Test
  void aChangedZoneIsRefusedWithBothValues() {
    nodes().enter(0, 2, "Asia/Shanghai", 1000);

    assertThat(nodes().enter(0, 2, "UTC", 2000))
        .singleElement(STRING)
        .startsWith("time_zone: ")
        .contains("Asia/Shanghai", "UTC");
  }

  @Test
  void allThatChangedIsToldAtOnce() {
    nodes().enter(0, 2, "Asia/Shanghai", 1000);

    assertThat(nodes().enter(0, 4, "UTC", 2000)).hasSize(2);
  }

  @Test
  void whoWasRefusedMayComeBackWithTheOldSettings() {
    nodes().enter(0, 2, "UTC", 1000);
    nodes().enter(0, 4, "UTC", 2000);

    assertThat(nodes().enter(0, 2, "UTC", 3000)).isEmpty();
  }

  @Test
  void theLongestNameOfAZoneFits() {
    String zone = "America/Argentina/ComodRivadavia";

    assertThat(nodes().enter(0, 1, zone, 1000)).isEmpty();
    assertThat(nodes().enter(0, 1, zone, 2000)).isEmpty();
  }
}
