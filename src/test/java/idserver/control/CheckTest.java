package idserver.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.FreePorts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckTest {
  private static final String GOOD_RULE =
      """
      function min_counter() return 0 end
      function max_counter() return 9999 end
      function reset_seconds() return 86400 end
      function create_id(counter, now, salt)
        return string.format("%02d%02d%02d%04d", now:year() % 100, now:month(), now:day(),
          counter:generate_counter())
      end
      """;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir @Nullable Path temporary;
  private int udp;
  private int http;

  @BeforeEach
  void findPorts() throws IOException {
    udp = FreePorts.next();
    http = FreePorts.next();
    Files.createDirectories(home().resolve("deploy"));
    rule(GOOD_RULE);
  }

  private Path home() {
    return Objects.requireNonNull(temporary);
  }

  private void rule(String lua) throws IOException {
    Path rules = Files.createDirectories(home().resolve("rules"));
    Files.writeString(rules.resolve("order_id.lua"), lua);
  }

  private int check(String members) throws IOException {
    Path file = home().resolve("deploy/id_server_3.json");
    Files.writeString(
        file,
        """
        {"service_port": %d, "http_port": %d, %s
         "rules": [{"name": "order_id", "lua_file": "order_id.lua"}]} // as usual
        """
            .formatted(udp, http, members));
    return run(file.toString());
  }

  private int run(String... args) {
    out.reset();
    err.reset();
    return Check.run(args, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));
  }

  private List<String> printed() {
    return out.toString(UTF_8).lines().toList();
  }

  private List<String> faults() {
    assertThat(printed()).isEmpty();
    return err.toString(UTF_8).lines().toList();
  }

  /** A database server that is not there. */
  private static String noDatabase() throws IOException {
    return "\"database\": {\"host\": \"127.0.0.1\", \"port\": "
        + FreePorts.next()
        + ", \"user\": \"dev\", \"password\": \"s3cr3t\", \"dbname\": \"ids\"},";
  }

  @Test
  void printsWhatTheControlScriptHasToKnow() throws Exception {
    assertThat(check("\"thread_count\": 3,")).isZero();

    assertThat(printed())
        .containsExactly(
            "http_host=127.0.0.1",
            "http_port=" + http,
            "service_host=127.0.0.1",
            "service_port=" + udp,
            "data_dir=" + home().resolve("data/id_server_3"),
            "log_dir=" + home().resolve("log/id_server_3"),
            "thread_count=3",
            "example_rule=order_id");
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void notesAnAddressThatOtherMachinesReachAndStartsAllTheSame() throws Exception {
    assertThat(check("\"service_host\": \"0.0.0.0\", \"http_host\": \"0.0.0.0\",")).isZero();

    String reached =
        " 0.0.0.0 is reached from other machines: let only those through that may ask for ids";
    assertThat(err.toString(UTF_8).lines())
        .containsExactly("note: service_host" + reached, "note: http_host" + reached);
  }

  @Test
  void leavesPortsAndDatabaseFileToTheServer() throws Exception {
    check("");

    try (DatagramSocket datagrams = new DatagramSocket(udp, InetAddress.getLoopbackAddress());
        ServerSocket connections = new ServerSocket(http, 1, InetAddress.getLoopbackAddress());
        FileChannel file =
            FileChannel.open(
                home().resolve("data/id_server_3/counter.mv.db"), StandardOpenOption.WRITE);
        FileLock lock = file.tryLock()) {
      assertThat(datagrams.isBound()).isTrue();
      assertThat(connections.isBound()).isTrue();
      assertThat(lock).isNotNull();
    }
  }

  @Test
  void canBeRunAgain() throws Exception {
    assertThat(check("")).isZero();
    assertThat(check("")).isZero();
  }

  @Test
  void aUdpPortThatIsTakenIsToldWithTheKeysToChange() throws Exception {
    try (DatagramSocket taken = new DatagramSocket(udp, InetAddress.getLoopbackAddress())) {
      assertThat(check("")).isEqualTo(2);

      assertThat(faults())
          .containsExactly(
              "UDP 127.0.0.1:"
                  + taken.getLocalPort()
                  + " cannot be had: Address already in use. Stop what listens there, or change"
                  + " service_host or service_port.");
    }
  }

  @Test
  void anHttpPortThatIsTakenIsToldWithTheKeysToChange() throws Exception {
    try (ServerSocket taken = new ServerSocket(http, 1, InetAddress.getLoopbackAddress())) {
      assertThat(check("")).isEqualTo(2);

      assertThat(faults())
          .singleElement()
          .asString()
          .startsWith("HTTP 127.0.0.1:" + taken.getLocalPort() + " cannot be had: ")
          .endsWith("change http_host or http_port.");
    }
  }

  @Test
  void aBrokenRuleIsToldWithItsFile() throws Exception {
    rule("function min_counter( return 0 end");

    assertThat(check("")).isEqualTo(2);
    assertThat(faults()).singleElement().asString().contains("order_id.lua");
  }

  @Test
  void aRuleWithoutAFileIsTold() throws Exception {
    Files.delete(home().resolve("rules/order_id.lua"));

    assertThat(check("")).isEqualTo(2);
    assertThat(faults()).singleElement().asString().contains("order_id.lua");
  }

  @Test
  void aDatabaseThatIsNotThereIsToldInOneLineWithoutThePassword() throws Exception {
    assertThat(check(noDatabase())).isEqualTo(2);

    assertThat(faults())
        .singleElement()
        .asString()
        .startsWith("The database cannot be reached: dev@127.0.0.1:")
        .doesNotContain("s3cr3t");
  }

  @Test
  void aDataDirectoryThatCannotBeMadeIsTold() throws Exception {
    Files.writeString(home().resolve("data"), "a file in its place");

    assertThat(check("")).isEqualTo(2);
    assertThat(faults()).singleElement().asString().startsWith("data_dir: ");
  }

  @Test
  void allFaultsAreToldTogether() throws Exception {
    rule("no lua");
    try (DatagramSocket datagrams = new DatagramSocket(udp, InetAddress.getLoopbackAddress());
        ServerSocket connections = new ServerSocket(http, 1, InetAddress.getLoopbackAddress())) {
      assertThat(datagrams.isBound() && connections.isBound()).isTrue();

      assertThat(check(noDatabase())).isEqualTo(2);
    }
    assertThat(faults())
        .satisfiesExactlyInAnyOrder(
            fault -> assertThat(fault).contains("order_id.lua"),
            fault -> assertThat(fault).startsWith("UDP "),
            fault -> assertThat(fault).startsWith("HTTP "),
            fault -> assertThat(fault).startsWith("The database cannot be reached"));
  }

  @Test
  void everyFaultOfTheConfigurationIsTold() throws Exception {
    assertThat(check("\"id_step\": 0, \"unknown\": 1,")).isEqualTo(2);

    assertThat(faults())
        .hasSizeGreaterThanOrEqualTo(2)
        .allMatch(fault -> fault.startsWith("configuration: "))
        .anyMatch(fault -> fault.startsWith("configuration: id_step: "))
        .anyMatch(fault -> fault.startsWith("configuration: unknown: "));
  }

  @Test
  void aConfigurationThatIsNotThereIsTold() {
    assertThat(run(home().resolve("none.json").toString())).isEqualTo(2);

    assertThat(faults()).singleElement().asString().endsWith("no such configuration file");
  }

  @Test
  void isToldHowToCallIt() {
    assertThat(run()).isEqualTo(2);
    assertThat(faults()).containsExactly("usage: Check <configuration file>");
  }
}
