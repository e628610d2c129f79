package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of UDP gets from a server on the embedded database. */
@ExtendWith(RunningServer.class)
class ServerIT {
  private final Server server;

  ServerIT(Server server) {
    this.server = server;
  }

  @Test
  void makesTheIdsOfTheDocumentsRule() throws Exception {
    try (UdpClient client = server.udp()) {
      String before = datePart();
      String first = client.id("o2o", "first");
      String second = client.id("o2o", "first");
      String after = datePart();

      assertThat(first).isIn(before + "0000", after + "0000");
      assertThat(second).isIn(before + "0002", after + "0002", after + "0000");
    }
  }

  /** Year, month and day as the document's rule writes them. */
  private static String datePart() {
    LocalDate today = LocalDate.now(ZoneId.systemDefault());
    return today.getYear() % 10 + today.format(DateTimeFormatter.ofPattern("MMdd"));
  }

  @Test
  void answersTheDocumentsRequestAsTheDocumentSays() throws Exception {
    JsonObject answer =
        ask("{\"action\":\"get\",\"rule_name\":\"o2o\",\"app_name\":\"test\"}").json();

    assertThat(answer).containsOnlyKeys("code", "message", "data");
    assertThat(answer.getInt("code")).isZero();
    assertThat(answer.getString("message")).isEqualTo("success");
    assertThat(answer.getString("data")).matches("\\d{9}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "\"1\"",
        "\"\"",
        "null",
        "true",
        "1.50",
        "-0",
        "1e999999999",
        "123456789012345678901234567890",
        "[1, 2]",
        "{\"a\":[]}",
        "\"\\u00e9\""
      })
  void bringsBackTheSeqExactlyAsItCame(String seq) throws Exception {
    String request =
        "{\"action\":\"get\",\"rule_name\":\"dated\",\"app_name\":\"seq\",\"seq\":%s}"
            .formatted(seq);

    assertThat(ask(request).text()).contains("\"seq\":" + seq).contains("\"code\":0");
  }

  @Test
  void createsAnIdForAClientThatTakesANewSocketPerRequest() throws Exception {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String request = UdpClient.request("create", "dated", "sockets", i);
      ids.add(UdpClient.askOnce(server.settings().udpPort(), request).id());
    }

    assertThat(ids).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void givesSeveralIdsInOneAnswer() throws Exception {
    List<String> ids =
        ask("{\"action\":\"get\",\"rule_name\":\"dated\",\"app_name\":\"count\",\"count\":3}")
            .ids();

    assertThat(ids).map(id -> Long.parseLong(id.substring(9))).containsExactly(0L, 2L, 4L);
  }

  @Test
  void refusesMoreIdsThanADatagramHoldsAndSaysHowManyItHolds() throws Exception {
    String request =
        "{\"action\":\"get\",\"rule_name\":\"dated\",\"app_name\":\"datagram\",\"count\":%d}";
    Answer refused = ask(request.formatted(1000));
    assertThat(refused.error()).isEqualTo("BAD_FIELD");
    List<Integer> told =
        Pattern.compile("\\d+")
            .matcher(refused.json().getString("message"))
            .results()
            .map(number -> Integer.valueOf(number.group()))
            .filter(number -> number != 1000 && number != 1400)
            .toList();

    assertThat(told).isNotEmpty();
    assertThat(ask(request.formatted(told.get(told.size() - 1))).ids())
        .hasSize(told.get(told.size() - 1));
  }

  @Test
  void monitorsACounterWithoutTouchingIt() throws Exception {
    try (UdpClient client = server.udp()) {
      client.id("dated", "monitored");
      client.id("dated", "monitored");

      Answer monitored = client.monitor("dated", "monitored");

      assertThat(monitored.code()).isZero();
      assertThat(monitored.json().getString("message")).isEqualTo("ok");
      assertThat(monitored.monitored().getInt("node_offset")).isZero();
      assertThat(client.monitor("dated", "monitored").monitored()).isEqualTo(monitored.monitored());
      assertThat(client.id("dated", "monitored")).endsWith("-000000000004");
    }
  }

  @Test
  void keepsNamesApartThatDifferInCaseSpaceOrAccent() throws Exception {
    try (UdpClient client = server.udp()) {
      for (String app : List.of("name", "Name", "name ", "n\u00e4me", "nam\ud83d\ude00")) {
        assertThat(client.id("dated", app)).as(app).endsWith("-000000000000");
      }
    }
  }

  @Test
  void refusesWhatTheCounterCannotGiveAnyMore() throws Exception {
    try (UdpClient client = server.udp()) {
      assertThat(client.id("few", "exhausted")).isEqualTo("F0");
      assertThat(client.id("few", "exhausted")).isEqualTo("F2");
      assertThat(client.id("few", "exhausted")).isEqualTo("F4");

      Answer refused = client.get("few", "exhausted");

      assertThat(refused.error()).isEqualTo("EXHAUSTED");
      assertThat(refused.code()).isNotZero();
      assertThat(client.get("few", "exhausted").error()).isEqualTo("EXHAUSTED");
    }
  }

  @Test
  void refusesBadRequestsByNameAndGoesOn() throws Exception {
    // an error is never longer than the request, so a broken one needs some length to be answered
    assertThat(ask("{\"action\":\"get\",\"rule_name\":\"dated\",").error()).isEqualTo("BAD_JSON");
    assertThat(ask("{\"action\":\"get\",\"app_name\":\"x\",\"rule_name\":7}").error())
        .isEqualTo("BAD_FIELD");
    assertThat(ask(UdpClient.request("get", "dated", "", 1)).error()).isEqualTo("BAD_APP_NAME");
    assertThat(ask(UdpClient.request("fetch", "dated", "x", 1)).error())
        .isEqualTo("UNKNOWN_ACTION");
    assertThat(ask(UdpClient.request("get", "nobody", "x", 1)).error()).isEqualTo("UNKNOWN_RULE");
    assertThat(ask(UdpClient.request("monitor", "dated", "never", 1)).error())
        .isEqualTo("NOT_FOUND");
    assertThat(ask(withSalt("x".repeat(65))).error()).isEqualTo("BAD_SALT");
    assertThat(ask(withSalt("break")).error()).isEqualTo("RULE_ERROR");

    assertThat(ask(UdpClient.request("get", "dated", "after", 1)).granted()).isTrue();
  }

  private static String withSalt(String salt) {
    return "{\"action\":\"get\",\"rule_name\":\"few\",\"app_name\":\"salt\",\"salt\":\"%s\"}"
        .formatted(salt);
  }

  private Answer ask(String request) throws Exception {
    try (UdpClient client = server.udp()) {
      return client.insist(request);
    }
  }
}
