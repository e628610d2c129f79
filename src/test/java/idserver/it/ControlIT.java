package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.FreePorts;
import idserver.testing.Outcome;
import jakarta.json.Json;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Starting and stopping by the control script, and what it says when that fails. */
class ControlIT {
  /** What {@code status} ends with, as the usage says. */
  private static final int NOT_RUNNING = 3;

  private static Installation installation;

  @BeforeAll
  static void install() throws IOException {
    installation =
        Installation.fresh("ControlIT").rule("dated.lua", Installation.resource("dated.lua"));
  }

  @Test
  void runsTwoServersOnOneMachineAndGivesBackTheRestWhenOneIsStopped() throws Exception {
    Settings first = dated("data/1").nodes(2, 0);
    Settings second = dated("data/3").nodes(2, 1);
    try (Server one = installation.server(1, first);
        Server other = installation.server(3, second)) {
      other.configure("xml", second.json().toString());
      assertThat(one.control("status").exitCode()).isEqualTo(NOT_RUNNING);

      assertThat(one.start().out())
          .contains(Settings.HOST + ":" + first.udpPort())
          .contains(Settings.HOST + ":" + first.httpPort())
          .contains("rule_name");
      assertTheFirstDatagramGetsAnId(one);
      other.start();
      assertThat(one.control("status").exitCode()).isZero();
      assertThat(one.start().out()).contains("already running");
      assertThat(one.processes()).hasSize(1);
      assertServes(one, "000000000000", "000000000002");
      assertServes(other, "000000000001", "000000000003");

      one.stop();
      assertThat(one.control("status").exitCode()).isEqualTo(NOT_RUNNING);
      assertServes(other, "000000000005");

      one.start();
      assertServes(one, "000000000004", "000000000006");
    }
  }

  private static void assertTheFirstDatagramGetsAnId(Server server) throws IOException {
    try (UdpClient client = server.udp()) {
      assertThat(client.get("dated", "first").id()).endsWith("-000000000000");
    }
  }

  private static void assertServes(Server server, String... numbers) throws IOException {
    try (UdpClient client = server.udp()) {
      for (String number : numbers) {
        assertThat(client.id("dated", "orders")).endsWith("-" + number);
      }
    }
  }

  @Test
  void doesNotStartWhenTheUdpPortIsTaken() throws Exception {
    Settings settings = dated("data/4");
    try (DatagramSocket taken =
        new DatagramSocket(settings.udpPort(), InetAddress.getLoopbackAddress())) {
      assertThat(failure(4, settings)).contains(Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void doesNotStartWhenTheHttpPortIsTaken() throws Exception {
    Settings settings = dated("data/5");
    try (ServerSocket taken =
        new ServerSocket(settings.httpPort(), 1, InetAddress.getLoopbackAddress())) {
      assertThat(failure(5, settings)).contains(Integer.toString(taken.getLocalPort()));
    }
  }

  @Test
  void listsAllFaultsOfABadConfiguration() throws Exception {
    Settings settings =
        dated("data/6")
            .nodes(2, 5)
            .with("thread_count", "many")
            .with("id_stepp", 2)
            .with("time_zone", "Mars/Base")
            .rule("dated", "dated.lua", 100)
            .rule("zero", "dated.lua", 0)
            .rule("lost", "lost.lua", 100);

    assertThat(failure(6, settings))
        .contains("id_offset", "5")
        .contains("thread_count")
        .contains("id_stepp")
        .contains("time_zone", "Mars/Base")
        .contains("earlier rule", "\"dated\"")
        .contains("batch_save", "zero")
        .contains("lost.lua");
  }

  @Test
  void saysWhereAConfigurationIsNotJson() throws Exception {
    Settings settings = dated("data/7");
    Server server = installation.server(7, settings);
    server.configure("json", "{\n  \"service_port\" : 1200,\n  oops\n}\n");

    assertThat(failure(server)).contains("id_server_7.json").contains("3");
  }

  @Test
  void doesNotStartWhenTheDatabaseIsNotThere() throws Exception {
    int nobody = FreePorts.next();
    Settings settings =
        dated("data/8")
            .with(
                "database",
                Json.createObjectBuilder()
                    .add("host", Settings.HOST)
                    .add("port", nobody)
                    .add("user", "dev")
                    .add("password", "secret of the database")
                    .add("charset", "utf8")
                    .add("dbname", "id_counter")
                    .build());

    assertThat(failure(8, settings))
        .contains(Integer.toString(nobody))
        .doesNotContain("secret of the database");
  }

  @Test
  void saysWhichConfigurationIsMissing() throws Exception {
    Server server = installation.server(9, dated("data/9"));
    Files.delete(installation.deploy().resolve("id_server_9.json"));

    assertThat(failure(server)).contains("id_server_9.json");
  }

  /** Payara reads every class of a library at each start, unless it finds a directory so named. */
  @Test
  void noStartReadsTheLibrariesInSearchOfAnnotations() throws IOException {
    Path application = installation.root().resolve("lib/id_server");
    try (Stream<Path> libraries = Files.list(application.resolve("WEB-INF/lib"))) {
      assertThat(libraries)
          .isNotEmpty()
          .allSatisfy(
              library ->
                  assertThat(
                          application.resolve(
                              "WEB-INF__lib__"
                                  + library.getFileName().toString().replace(".jar", "_jar")))
                      .isEmptyDirectory());
    }
  }

  private static Settings dated(String dataDir) throws IOException {
    return Settings.of(dataDir).rule("dated", "dated.lua", 100);
  }

  private static String failure(int number, Settings settings) throws IOException {
    return failure(installation.server(number, settings));
  }

  /** What a failed start says: something, but no stack trace; and nothing is left running. */
  private static String failure(Server server) throws IOException {
    try (server) {
      Outcome outcome = server.control("start");

      assertThat(outcome.exitCode()).as(outcome.text()).isNotZero();
      assertThat(outcome.text()).isNotBlank().doesNotContain("Exception", "\tat ");
      assertThat(server.processes()).isEmpty();
      return outcome.text();
    }
  }
}
