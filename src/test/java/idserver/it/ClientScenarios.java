package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.it.ClientDriver.Address;
import idserver.it.ClientDriver.Reply;
import idserver.testing.FreePorts;
import idserver.testing.UdpProxy;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What each client has to do, in whatever language: the same tests, with a {@link ClientDriver} for
 * each. Two servers without their container for UDP, one with it for HTTP.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(RunningServer.class)
abstract class ClientScenarios {
  private static final String SALTED =
      """
      function min_counter() return 0 end
      function max_counter() return 999999 end
      function reset_seconds() return 0 end
      function create_id(counter, now, salt)
        return string.format("%d-%s", counter:generate_counter(), salt)
      end
      """;
  private static final Pattern SEQ = Pattern.compile("\"seq\": ?(\\d+)");
  private static final double DEADLINE = 10;

  private final String name = getClass().getSimpleName();
  private final CoreProcess[] servers = new CoreProcess[3];
  // null before it has begun
  private CoreProcess gapFree;

  abstract ClientDriver client(JsonObject settings) throws IOException;

  /** Skips all where the language is missing. */
  void assumeInstalled() {}

  @BeforeAll
  void begin() throws IOException {
    assumeInstalled();
    for (int i = 0; i < servers.length; i++) {
      Installation installation =
          FaultSuite.installation(name + "-" + i)
              .rule("few.lua", Installation.resource("few.lua"))
              .rule("salted.lua", SALTED);
      Settings settings =
          FaultSuite.settings("data/1")
              .nodes(servers.length, i)
              .rule("few", "few.lua", 1)
              .rule("salted", "salted.lua", 100)
              .timeRule("event", "classic", "2026-01-01");
      servers[i] = CoreProcess.of(installation, 1, settings);
    }
    gapFree =
        CoreProcess.of(
            FaultSuite.installation(name + "-gap-free"),
            1,
            Settings.of("data/1").rule("invoice", "dated.lua", 1).gapFree(60));
    gapFree.begin();
    servers[0].begin();
    servers[1].begin(); // and the third one is dead until a test brings it up
  }

  @AfterAll
  void end() {
    for (CoreProcess server : servers) {
      if (server != null) {
        server.close();
      }
    }
    if (gapFree != null) {
      gapFree.close();
    }
  }

  final Address server(int number) {
    return Address.udp(servers[number].settings().udpPort());
  }

  final ClientDriver client(Address... asked) throws IOException {
    return client(ClientDriver.settings(DEADLINE, asked));
  }

  private static Address container(Server server) {
    return new Address(server.settings().udpPort(), http(server));
  }

  private static String http(Server server) {
    return "http://%s:%d".formatted(Settings.HOST, server.settings().httpPort());
  }

  /** Has the first server know a counter: a new one may need longer than a try waits. */
  private void used(String rule, String app) throws IOException {
    try (UdpClient client = new UdpClient(servers[0].settings().udpPort())) {
      client.id(rule, app);
    }
  }

  final ClientDriver ofBoth() throws IOException {
    return client(server(0), server(1));
  }

  @Test
  void getsOneIdAfterTheOther() throws Exception {
    try (ClientDriver client = ofBoth()) {
      String one = client.get("hundred", "one by one").id();
      String other = client.get("hundred", "one by one").id();
      assertThat(List.of(one, other)).allMatch(id -> id.matches("\\d{8}-\\d{12}"));
      assertThat(one).isNotEqualTo(other);
      assertThat(client.metrics().getInt("ids")).isEqualTo(2);
    }
  }

  @Test
  void handsTheSaltToTheRule() throws Exception {
    try (ClientDriver client = ofBoth()) {
      assertThat(client.get("salted", "app", "\"Grüße\" \\ 😀").id()).endsWith("-\"Grüße\" \\ 😀");
    }
  }

  @Test
  void holdsConfirmsAndCancelsANumberOfAGapFreeRule() throws Exception {
    try (UdpProxy network = new UdpProxy(gapFree.settings().udpPort(), 0.2, 5);
        ClientDriver client = client(Address.udp(network.port()))) {
      String first = client.hold("invoice", "shop", "order-1").id();
      assertThat(first).endsWith("-000000000000");
      assertThat(client.hold("invoice", "shop", "order-2").id()).endsWith("-000000000001");
      assertThat(client.hold("invoice", "shop", "order-1").id()).isEqualTo(first);
      assertThat(client.confirm("invoice", "shop", "order-1").id()).isEqualTo(first);
      assertThat(client.confirm("invoice", "shop", "order-1").id()).isEqualTo(first);
    }
    // where no copy of a question comes after the next one
    try (ClientDriver client = client(Address.udp(gapFree.settings().udpPort()))) {
      assertThat(client.cancel("invoice", "shop", "order-1").error())
          .isEqualTo("ALREADY_CONFIRMED");
      assertThat(client.cancel("invoice", "shop", "order-2").error()).isEmpty();
      Reply late = client.confirm("invoice", "shop", "order-2");
      assertThat(late.error()).isEqualTo("NOT_HELD");
      assertThat(late.code()).isEqualTo(409);
      assertThat(client.hold("invoice", "shop", "order-3").id()).endsWith("-000000000001");
    }
  }

  @Test
  void getsSeveralIdsInOneAnswer() throws Exception {
    try (ClientDriver client = ofBoth()) {
      assertThat(client.get("hundred", "several", 5).ids()).hasSize(5).doesNotHaveDuplicates();
      assertThat(client.get("hundred", "several", 1).ids()).hasSize(1);
      assertThat(client.get("event", "several", 20).ids()).hasSize(20).doesNotHaveDuplicates();
    }
  }

  @Test
  void asksOverHttpForALargeBatch(Server server) throws Exception {
    try (ClientDriver client = client(container(server))) {
      assertThat(client.get("dated", name, 10_000).ids())
          .hasSize(10_000)
          .doesNotHaveDuplicates()
          .isSorted();
      assertThat(client.get("dated", name, 3).ids()).hasSize(3);
      assertThat(client.of(0, "asked")).as("over UDP").isEqualTo(1);
      assertThat(client.of(1, "asked")).as("over HTTP").isEqualTo(1);
    }
  }

  @Test
  void asksWithTheLongestNames(Server server) throws Exception {
    String longest = "é".repeat(127);
    try (ClientDriver client = client(container(server))) {
      assertThat(client.get("dated", longest, 20).ids()).hasSize(20);
      // as escapes, which clients may write, these two are larger than a datagram
      assertThat(client.get(longest, longest).error()).isEqualTo("UNKNOWN_RULE");
    }
  }

  @Test
  void asksOverHttpWhereUdpIsRefused(Server server) throws Exception {
    try (ClientDriver client = client(new Address(FreePorts.next(), http(server)))) {
      for (int i = 0; i < 20; i++) {
        client.get("dated", "refused " + name).id();
      }
      assertThat(client.of(0, "asked")).as("over UDP").isBetween(1, 19);
      assertThat(client.of(1, "answered")).as("over HTTP").isEqualTo(20);
    }
  }

  @Test
  void goesOnToTheNextServerWhereHttpIsDead(Server server) throws Exception {
    try (ClientDriver client =
        client(new Address(0, "http://127.0.0.1:" + FreePorts.next()), container(server))) {
      assertThat(client.get("dated", "dead " + name, 1_000).ids()).hasSize(1_000);
      assertThat(client.metrics().getInt("fail_overs")).isPositive();
    }
  }

  @Test
  void tellsHowFarACounterIs() throws Exception {
    try (ClientDriver client = ofBoth()) {
      Reply before = client.monitor("hundred", "monitored");
      assertThat(before.error()).isEqualTo("NOT_FOUND");
      assertThat(before.code()).isEqualTo(404);
      client.get("hundred", "monitored", 2).ids();

      JsonObject told = client.monitor("hundred", "monitored").data().asJsonObject();
      assertThat(told.getInt("counter")).isPositive();
      assertThat(told.getInt("counter") % servers.length).isEqualTo(told.getInt("node_offset"));
    }
  }

  @Test
  void tellsTheServersReasonAtOnceWhereTheRequestIsAtFault() throws Exception {
    try (ClientDriver client = ofBoth()) {
      Reply rule = client.get("no_such_rule", "app");
      assertThat(rule.error()).isEqualTo("UNKNOWN_RULE");
      assertThat(rule.code()).isEqualTo(404);
      assertThat(rule.message()).contains("no_such_rule");

      Reply app = client.get("hundred", "a\nb");
      assertThat(app.error()).isEqualTo("BAD_APP_NAME");
      assertThat(app.code()).isEqualTo(400);

      Reply script = client.get("few", "app", "break");
      assertThat(script.error()).isEqualTo("RULE_ERROR");
      assertThat(script.code()).isEqualTo(500);

      assertThat(client.get("hundred", "many", 600).error()).isEqualTo("BAD_FIELD");
      assertThat(client.metrics().getInt("failed")).isEqualTo(4);
    }
  }

  @Test
  void takesTheNumbersOfAllServersBeforeItSaysExhausted() throws Exception {
    try (ClientDriver client = ofBoth()) {
      List<String> ids = new ArrayList<>();
      Reply reply = client.get("few", "exhausted");
      while (reply.error().isEmpty()) {
        ids.add(reply.id());
        reply = client.get("few", "exhausted");
      }
      assertThat(reply.error()).isEqualTo("EXHAUSTED");
      assertThat(reply.code()).isEqualTo(409);
      // each third number belongs to the server that is not there; a late answer costs one
      assertThat(ids).doesNotHaveDuplicates().isSubsetOf("F0", "F3", "F1", "F4");
      assertThat(ids).containsAnyOf("F0", "F3").containsAnyOf("F1", "F4");
    }
  }

  @Test
  void goesOnToTheNextServerWhereNobodyListens() throws Exception {
    try (ClientDriver client = client(Address.udp(FreePorts.next()), server(0))) {
      client.get("hundred", "closed").id();
      assertThat(client.metrics().getInt("fail_overs")).isPositive();
      assertThat(client.of(0, "silent")).isPositive();
    }
  }

  @Test
  void goesOnToTheNextServerAfterOneSilence() throws Exception {
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      try (ClientDriver client = client(Address.udp(silent.getLocalPort()), server(0))) {
        used("hundred", "silent");
        double ms = client.get("hundred", "silent").ms();
        System.out.printf("%s: fail-over from a silent server in %.1f ms%n", name, ms);
        assertThat(client.metrics().getInt("fail_overs")).isPositive();
        assertThat(client.metrics().getInt("timeouts")).isPositive();
        for (int i = 0; i < 100; i++) {
          client.get("hundred", "silent").id();
        }
        assertThat(client.of(0, "asked")).as("by some of 101 requests").isLessThan(50);
      }
    }
  }

  @Test
  void goesOnToTheNextServerWhereOneIsNotReady() throws Exception {
    try (FakeServer starting = new FakeServer(ClientScenarios::notReady)) {
      try (ClientDriver client = client(Address.udp(starting.port()), server(0))) {
        client.get("hundred", "not ready").id();
        assertThat(client.metrics().getInt("refused")).isPositive();
        assertThat(client.metrics().getInt("fail_overs")).isPositive();
      }
    }
  }

  private static List<String> notReady(String request) {
    Matcher seq = SEQ.matcher(request);
    assertThat(seq.find()).isTrue();
    return List.of("{\"code\":503,\"error\":\"NOT_READY\",\"seq\":%s}".formatted(seq.group(1)));
  }

  @Test
  void takesNoAnswerThatIsNotToItsRequest() throws Exception {
    String other = "{\"code\":0,\"message\":\"success\",\"data\":\"WRONG\",\"seq\":-7}";
    try (FakeServer confused = new FakeServer(request -> List.of(other, "{", "[]", "no JSON"))) {
      try (ClientDriver client = client(Address.udp(confused.port()), server(0))) {
        assertThat(client.get("hundred", "confused").id()).isNotEqualTo("WRONG");
      }
    }
  }

  @Test
  void returnsToAServerThatCameBack() throws Exception {
    try (ClientDriver client = client(server(2), server(0))) {
      client.get("hundred", "back").id();
      assertThat(client.of(0, "answered")).isZero();
      servers[2].begin();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                client.get("hundred", "back").id();
                return client.of(0, "answered") >= 10;
              });
      assertThat(client.metrics().getInt("failed")).isZero();
    } finally {
      servers[2].kill();
    }
  }

  @Test
  void tellsAtTheDeadlineWhatWasTried() throws Exception {
    int closed = FreePorts.next();
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Address[] dead = {Address.udp(closed), Address.udp(silent.getLocalPort())};
      try (ClientDriver client = client(ClientDriver.settings(0.5, dead))) {
        Reply reply = client.get("hundred", "dead");
        assertThat(reply.error()).isEqualTo("NO_ANSWER");
        assertThat(reply.code()).isZero();
        assertThat(reply.message())
            .contains("500 ms")
            .contains("udp://127.0.0.1:" + closed + ": nobody listens there")
            .contains("udp://127.0.0.1:" + silent.getLocalPort() + ": silent for 60 ms");
        assertThat(client.metrics().getInt("retries")).isPositive();
      }
    }
  }

  @Test
  void getsEveryIdThroughANetworkThatLosesAThirdAndNoneTwice() throws Exception {
    Set<String> ids = new HashSet<>();
    try (UdpProxy one = new UdpProxy(servers[0].settings().udpPort(), 0.3, 1);
        UdpProxy other = new UdpProxy(servers[1].settings().udpPort(), 0.3, 2);
        ClientDriver client = client(Address.udp(one.port()), Address.udp(other.port()))) {
      for (int i = 0; i < 100; i++) {
        assertThat(ids.add(client.get("hundred", "lossy").id())).isTrue();
        for (String id : client.get("hundred", "lossy", 3).ids()) {
          assertThat(ids.add(id)).isTrue();
        }
      }
      System.out.printf("%s: through the bad network %s%n", name, client.metrics());
      assertThat(client.metrics().getInt("retries")).isPositive();
    }
    assertThat(ids).hasSize(400);
  }

  @Test
  void costsNoNumberOnABadNetworkWhereTheSameServerIsAskedAgain() throws Exception {
    long issued = issuedOnABadNetwork(true, "named");
    assertThat(issued).as("numbers for 400 ids").isEqualTo(400);
  }

  @Test
  void costsNumbersOnABadNetworkWithoutRequestIdsAndNoIdComesTwice() throws Exception {
    long issued = issuedOnABadNetwork(false, "nameless");
    assertThat(issued).as("numbers for 400 ids").isGreaterThan(400);
  }

  /** Gets 400 ids, where of all datagrams 3 of 10 are lost, come twice, or come late. */
  private long issuedOnABadNetwork(boolean requestIds, String app) throws Exception {
    int port = servers[0].settings().udpPort();
    Set<String> ids = new HashSet<>();
    used("hundred", app);
    long before = counter(port, app);
    try (UdpProxy network = new UdpProxy(port, 0.3, 3);
        ClientDriver client =
            client(
                Json.createObjectBuilder(
                        ClientDriver.settings(DEADLINE, Address.udp(network.port())))
                    .add("request_ids", requestIds)
                    .build())) {
      for (int i = 0; i < 100; i++) {
        assertThat(ids.add(client.get("hundred", app).id())).isTrue();
        for (String id : client.get("hundred", app, 3).ids()) {
          assertThat(ids.add(id)).isTrue();
        }
      }
      System.out.printf("%s: to one server, %s: %s%n", name, app, client.metrics());
    }
    assertThat(ids).hasSize(400);
    long issued = (counter(port, app) - before) / servers.length;
    System.out.printf("%s: %d numbers for %d ids, %s%n", name, issued, ids.size(), app);
    return issued;
  }

  private static long counter(int port, String app) throws IOException {
    try (UdpClient client = new UdpClient(port)) {
      return client.monitor("hundred", app).monitored().getInt("counter");
    }
  }

  @Test
  void itsCacheHandsOutNoIdTwice() throws Exception {
    try (ClientDriver client = ofBoth()) {
      Reply taken = client.cached("hundred", "cached", 4, 2_000);
      assertThat(taken.ids()).hasSize(8_000).doesNotHaveDuplicates();
      assertThat(client.metrics().getInt("requests")).as("batches").isLessThan(2_000);
    }
  }

  @Test
  void itsCacheTellsWhyThereAreNoIds() throws Exception {
    try (ClientDriver client = ofBoth()) {
      assertThat(client.cached("no_such_rule", "app", 1, 1).error()).isEqualTo("UNKNOWN_RULE");
    }
  }
}
