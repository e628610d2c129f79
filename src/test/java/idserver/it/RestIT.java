package idserver.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client of HTTP gets: the same counters, the same answers. */
@ExtendWith(RunningServer.class)
class RestIT {
  private final Server server;
  private final Rest rest;

  RestIT(Server server) {
    this.server = server;
    this.rest = server.rest();
  }

  @Test
  void isReadyWhenTheStartCommandHasEnded() throws Exception {
    Rest.Reply health = rest.get("/health/ready");

    assertThat(health.status()).isEqualTo(200);
    assertThat(health.body()).contains("UP");
  }

  @Test
  void drawsFromTheSameCounterAsUdp() throws Exception {
    assertThat(rest.post("/ids/dated/shared").answer().id()).endsWith("-000000000000");
    try (UdpClient client = server.udp()) {
      assertThat(client.id("dated", "shared")).endsWith("-000000000002");
    }
    assertThat(rest.post("/ids/dated/shared").answer().id()).endsWith("-000000000004");
  }

  @Test
  void aNameMayHaveASemicolonThatIsWrittenAsOne() throws Exception {
    assertThat(rest.post("/ids/dated/a%3Bb").answer().id()).endsWith("-000000000000");
    try (UdpClient client = server.udp()) {
      assertThat(client.id("dated", "a;b")).endsWith("-000000000002");
    }
  }

  @Test
  void givesTenThousandIdsInOneAnswer() throws Exception {
    Rest.Reply reply = rest.post("/ids/dated/many?count=10000");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.answer().ids()).hasSize(10_000).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void takesTheRequestOfUdpAsABody() throws Exception {
    Rest.Reply reply =
        rest.ask(
            "{\"action\":\"get\",\"rule_name\":\"dated\",\"app_name\":\"body\",\"count\":2,"
                + "\"seq\":[1e400]}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.answer().ids()).hasSize(2);
    assertThat(reply.body()).contains("\"seq\":[1e400]");
  }

  @Test
  void answersARepetitionByHeaderQueryBodyOrUdpWithTheSameId() throws Exception {
    String request =
        "{\"action\":\"get\",\"rule_name\":\"dated\",\"app_name\":\"again\",\"request_id\":\"r-1\"}";
    int before = rest.get("/status").answer().json().getInt("repetitions_answered");
    String first = rest.post("/ids/dated/again", "\"r-1\"").body();

    assertThat(rest.post("/ids/dated/again", "r-1").body()).isEqualTo(first);
    assertThat(rest.post("/ids/dated/again?request_id=r-1").body()).isEqualTo(first);
    assertThat(rest.ask(request).body()).isEqualTo(first);
    try (UdpClient client = server.udp()) {
      assertThat(client.ask(request).text()).isEqualTo(first);
    }
    assertThat(rest.post("/ids/dated/again", "r-2").body()).isNotEqualTo(first);
    assertThat(rest.get("/status").answer().json().getInt("repetitions_answered") - before)
        .isEqualTo(4);
    assertThat(rest.get("/metrics").body()).contains("\nid_server_repetitions_answered_total ");
  }

  @Test
  void refusesARequestIdThatWasUsedForSomethingElse() throws Exception {
    assertThat(rest.post("/ids/dated/reused", "r-3").status()).isEqualTo(200);

    Rest.Reply reply = rest.post("/ids/dated/reused?count=2", "r-3");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.answer().error()).isEqualTo("REQUEST_ID_REUSED");
  }

  @Test
  void monitorsACounter() throws Exception {
    rest.post("/ids/dated/watched");

    Rest.Reply reply = rest.get("/counters/dated/watched");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.answer().monitored().getInt("node_offset")).isZero();
    assertThat(reply.answer().monitored()).containsKey("counter");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /ids/nobody/x,                404, UNKNOWN_RULE",
    "POST, /ids/dated/x?count=0,         400, BAD_FIELD",
    "POST, /ids/dated/x?count=10001,     400, BAD_FIELD",
    "POST, /ids/dated/x?count=two,       400, BAD_FIELD",
    "POST, /ids/dated/a%01b,             400, BAD_APP_NAME",
    "POST, /ids/dated/x?salt=a%0Ab,      400, BAD_SALT",
    "POST, /ids/few/broken?salt=break,   500, RULE_ERROR",
    "GET,  /counters/dated/never,        404, NOT_FOUND",
    "GET,  /counters/nobody/x,           404, UNKNOWN_RULE",
  })
  void refusesWithTheStatusOfTheRefusal(String method, String path, int status, String error)
      throws Exception {
    Rest.Reply reply = rest.send(method, path, "", "application/json");

    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.answer().error()).isEqualTo(error);
    assertThat(reply.answer().code()).isNotZero();
  }

  @Test
  void refusesWithConflictWhatTheCounterCannotGiveAnyMore() throws Exception {
    Rest.Reply reply = rest.post("/ids/few/rest");
    for (int i = 0; i < 3; i++) {
      assertThat(reply.status()).isEqualTo(200);
      reply = rest.post("/ids/few/rest");
    }

    assertThat(reply.status()).isEqualTo(409);
    assertThat(reply.answer().error()).isEqualTo("EXHAUSTED");
  }

  @Test
  void refusesBodiesThatAreNoRequests() throws Exception {
    assertRefused(rest.ask("{\"action\":"), 400, "BAD_JSON");
    assertRefused(rest.ask("[]"), 400, "BAD_JSON");
    assertRefused(rest.ask("{\"action\":\"get\"}"), 400, "BAD_FIELD");
    assertRefused(rest.ask(UdpClient.request("fetch", "dated", "x", 1)), 400, "UNKNOWN_ACTION");
  }

  @Test
  void refusesOtherMethodsTypesAndSizesWithoutAStackTrace() throws Exception {
    String request = UdpClient.request("get", "dated", "x", 1);
    assertStatus(rest.get("/ids/dated/x"), 405);
    assertStatus(rest.send("POST", "/ids", request, "text/plain"), 415);
    assertStatus(rest.ask("{\"salt\":\"" + "x".repeat(9000) + "\"}"), 413);
    assertStatus(rest.get("/nothing/here"), 404);
    assertStatus(rest.get("/application.wadl"), 404);
  }

  @Test
  void keepsAConnectionForAsManyRequestsAsItsClientHas() throws Exception {
    String request =
        "POST /ids/dated/kept HTTP/1.1\r\nHost: %s\r\nContent-Length: 0\r\n\r\n"
            .formatted(Settings.HOST);
    try (Socket connection =
        new Socket(InetAddress.getLoopbackAddress(), server.settings().httpPort())) {
      connection.setSoTimeout(20_000);
      InputStream answers = new BufferedInputStream(connection.getInputStream());
      for (int i = 0; i < 600; i++) {
        connection.getOutputStream().write(request.getBytes(US_ASCII));

        String head = head(answers);
        assertThat(head)
            .startsWith("HTTP/1.1 200 ")
            .doesNotContainIgnoringCase("connection: close");
        answers.skipNBytes(contentLength(head));
      }
    }
  }

  private static String head(InputStream answers) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = answers.read();
      assertThat(next).as("the end of the connection, after: %s", head).isNotNegative();
      head.append((char) next);
    }
    return head.toString();
  }

  private static int contentLength(String head) {
    Matcher length = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n").matcher(head);
    assertThat(length.find()).as("an answer that tells its length: %s", head).isTrue();
    return Integer.parseInt(length.group(1));
  }

  @Test
  void answersAMalformedTypeWithoutAPageOfTheContainer() throws Exception {
    Rest.Reply reply = rest.send("POST", "/ids", "{}", "application/json;charset=x=y");

    assertStatus(reply, 400);
    assertThat(reply.body()).doesNotContain("<");
  }

  private static void assertRefused(Rest.Reply reply, int status, String error) {
    assertStatus(reply, status);
    assertThat(reply.answer().error()).isEqualTo(error);
  }

  private static void assertStatus(Rest.Reply reply, int status) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.body()).doesNotContain("Exception", "\tat ");
  }
}
