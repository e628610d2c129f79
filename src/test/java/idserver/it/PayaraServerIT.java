package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import idserver.testing.MariaDb;
import idserver.testing.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The WAR on a full Payara Server, which an administrator puts there, replaces and takes away.
 * Skipped without the distribution, which {@code mvn verify -Ppayara-server} brings.
 */
class PayaraServerIT {
  private static final String RULE =
      """
      function min_counter() return 1 end
      function max_counter() return 999999 end
      function reset_seconds() return 0 end
      function create_id(counter, now, salt)
        return string.format("%s%%06d", counter:generate_counter())
      end
      """;

  private static final Path PROGRAMS = Path.of(System.getProperty("idserver.payara", ""));
  private static final Path LIBRARIES = Path.of("target", "id_server-1.0.0", "lib");
  private static final Path WAR = Path.of("target", "id_server.war").toAbsolutePath();

  @BeforeAll
  static void needsTheDistribution() {
    assumeThat(PROGRAMS.resolve("bin/asadmin"))
        .as("skipped without Payara Server: mvn verify -Ppayara-server")
        .exists();
  }

  @Test
  void servesReloadsIsReplacedAndLeavesNothingBehind() throws Exception {
    Installation installation = Installation.fresh("PayaraServerIT").rule("a.lua", rule("A"));
    Settings settings = Settings.of("data/1").rule("a", "a.lua", 10);
    Server files = installation.server(1, settings);
    String config = "-Didserver.config=" + installation.deploy().resolve("id_server_1.json");
    try (MariaDb database = MariaDb.fresh("PayaraServerITDatabase");
        PayaraServer payara =
            PayaraServer.start(PROGRAMS, installation.root().resolve("domains"), List.of(config))) {
      Set<String> before = payara.listening();

      payara.deploy(WAR);
      assertThat(overUdp(settings)).isEqualTo("A000001");
      assertThat(overHttp(payara)).isEqualTo("A000002");

      installation.rule("a.lua", rule("B"));
      Outcome reload = reload(payara.pid());
      assertThat(reload.exitCode()).as(reload.text()).isZero();
      assertThat(overUdp(settings)).isEqualTo("B000003");

      // given back at the end of the one, and gone on with by the other
      payara.redeploy(WAR);
      assertThat(overUdp(settings)).isEqualTo("B000004");

      // the other driver, and a database that knows less than the high-water file
      files.configure(settings.on(database));
      payara.redeploy(WAR);
      assertThat(overHttp(payara)).isEqualTo("B000005");
      assertThat(overUdp(settings)).isEqualTo("B000006");
      payara.redeploy(WAR);
      payara.redeploy(WAR);
      assertThat(overUdp(settings)).isEqualTo("B000007");

      payara.undeploy();
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () -> {
                assertThat(left(payara.listening(), before)).isEmpty();
                assertThat(payara.threads()).noneMatch(PayaraServerIT::isOurs).isNotEmpty();
              });
    }
  }

  private static boolean isOurs(String thread) {
    return thread.startsWith("idserver-")
        || thread.startsWith("mysql-")
        || thread.startsWith("MVStore ")
        || thread.startsWith("H2 ")
        || thread.equals("RMI TCP Accept-0");
  }

  private static Set<String> left(Set<String> now, Set<String> before) {
    Set<String> left = new TreeSet<>(now);
    left.removeAll(before);
    return left;
  }

  private static String rule(String letter) {
    return RULE.formatted(letter);
  }

  private static String overUdp(Settings settings) throws IOException {
    try (UdpClient client = new UdpClient(settings.udpPort())) {
      return client.id("a", "x");
    }
  }

  private static String overHttp(PayaraServer payara) throws IOException {
    return payara.rest().post("/ids/a/x").answer().id();
  }

  /** As the control script does it: by attaching to the process. */
  private static Outcome reload(long pid) throws IOException {
    return Outcome.of(
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            LIBRARIES.resolve("tool") + "/*",
            "idserver.control.Jmx",
            Long.toString(pid),
            "reload"),
        Duration.ofMinutes(1));
  }
}
