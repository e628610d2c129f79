package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import idserver.testing.Outcome;
import jakarta.json.Json;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What another user of the same machine can do to a server: see that it runs, and no more. To
 * become another user takes root; without it this is skipped.
 */
@ExtendWith(RunningServer.class)
class OtherUserIT {
  /** {@code nobody}, in no group. */
  private static final List<String> STRANGER =
      List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

  private final Server server;

  OtherUserIT(Server server) {
    this.server = server;
  }

  @BeforeEach
  void needsAnotherUser() throws IOException {
    assumeTrue(
        System.getProperty("user.name").equals("root"),
        "skipped: only root can become another user");
    Outcome seen;
    try {
      seen = stranger("test", "-r", server.data().resolve("../../deploy/server_ctl.sh").toString());
    } catch (IOException e) {
      seen = new Outcome(1, "", String.valueOf(e.getMessage()));
    }
    assumeTrue(
        seen.exitCode() == 0,
        "skipped: another user cannot even read the installation here, or there is no setpriv"
            + " (Debian: util-linux) "
            + seen.text());
  }

  private static Outcome stranger(String... command) throws IOException {
    List<String> line = new ArrayList<>(STRANGER);
    line.addAll(List.of(command));
    return Outcome.of(new ProcessBuilder(line), Duration.ofSeconds(30));
  }

  private int version() throws IOException {
    String status = server.rest().get("/status").body();
    return Json.createReader(new StringReader(status)).readObject().getInt("rule_book_version");
  }

  private String level() throws IOException {
    Outcome level = server.control("jmx", "level");
    assertThat(level.exitCode()).as(level.text()).isZero();
    return level.text();
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "reload", "rollback", "level", "level 5"})
  void cannotAttachAndIsToldSoInOneLine(String operation) throws Exception {
    int version = version();
    String level = level();

    Outcome refused = server.controlBy(STRANGER, "jmx", operation.split(" ", -1));

    assertThat(refused.exitCode()).as(refused.text()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err().lines())
        .singleElement()
        .asString()
        .startsWith("cannot attach to process " + server.process().orElseThrow().pid())
        .contains("of this user?")
        .doesNotContain("Exception");
    assertThat(version()).isEqualTo(version);
    assertThat(level()).isEqualTo(level);
  }

  @ParameterizedTest
  @ValueSource(strings = {"reload", "stop"})
  void canNeitherReloadNorStopIt(String command) throws Exception {
    int version = version();

    Outcome refused = server.controlBy(STRANGER, command);

    assertThat(refused.exitCode()).as(refused.text()).isEqualTo(1);
    assertThat(refused.err()).doesNotContain("Exception").isNotBlank();
    assertThat(server.control("status").exitCode()).isZero();
    assertThat(version()).isEqualTo(version);
  }

  @Test
  void seesThatItRuns() throws Exception {
    assertThat(server.controlBy(STRANGER, "status").exitCode()).isZero();
  }
}
