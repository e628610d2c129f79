package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.testing.Outcome;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Administration over HTTP, against the real server. */
class AdminIT {
  private static final String USER = "ops";
  private static final String PASSWORD = "correct horse: battery";
  private static final String RULE =
      """
      function min_counter() return 1 end
      function max_counter() return 999999 end
      function reset_period() return "%s" end
      function create_id(counter, now, salt)
        return string.format("%s%%02d%%02d%%02d%%06d", now:year() %% 100, now:month(), now:day(),
          counter:generate_counter())
      end
      """;

  private static Installation installation;
  private static Server server;
  private static Rest rest;

  @BeforeAll
  static void start() throws Exception {
    installation = Installation.fresh("AdminIT").rule("order.lua", RULE.formatted("day", "A"));
    Settings settings =
        Settings.of("data/1")
            .rule("order", "order.lua", 10)
            .with(
                "admin",
                Json.createObjectBuilder().add("user", USER).add("password", PASSWORD).build());
    server = installation.server(1, settings);
    server.start();
    rest = server.rest().as(USER, PASSWORD);
  }

  @AfterAll
  static void end() throws Exception {
    server.close();
  }

  private static JsonObject object(Rest.Reply reply, int status) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    return Json.createReader(new StringReader(reply.body())).readObject();
  }

  private static JsonObject get(String path) throws IOException {
    return object(rest.get(path), 200);
  }

  private static JsonObject post(String path, String body, int status) throws IOException {
    return object(rest.send("POST", path, body, "application/json"), status);
  }

  private static List<JsonObject> list(JsonObject object, String member) {
    JsonArray array = object.getJsonArray(member);
    return array.getValuesAs(JsonObject.class);
  }

  private static long version() throws IOException {
    return get("/admin/rules").getJsonNumber("version").longValue();
  }

  private static String expected() throws IOException {
    return "{\"expected_version\":" + version() + "}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"session", "counters", "blocks", "nodes", "reloads", "rules", "rules/pending"})
  void nobodySeesAnythingWithoutCredentials(String what) throws Exception {
    for (Rest stranger :
        List.of(
            server.rest(),
            server.rest().as(USER, "wrong"),
            server.rest().as("else", PASSWORD),
            server.rest().as("", ""))) {
      JsonObject refused = object(stranger.get("/admin/" + what), 401);
      assertThat(refused.getString("error")).isEqualTo("UNAUTHORIZED");
    }
    assertThat(rest.get("/admin/" + what).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"counters/raise", "rules/try", "rules/reload", "rules/rollback"})
  void nobodyChangesAnythingWithoutCredentials(String what) throws Exception {
    long before = version();
    assertThat(server.rest().send("POST", "/admin/" + what, "{}", "application/json").status())
        .isEqualTo(401);
    assertThat(version()).isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "counters/raise | {} | 400 | BAD_FIELD",
        "counters/raise | not json | 400 | BAD_JSON",
        "counters/raise | [] | 400 | BAD_JSON",
        "counters/raise | {\"rule\":\"order\",\"app\":\"x\",\"to\":-1} | 400 | BAD_FIELD",
        "counters/raise | {\"rule\":\"order\",\"app\":\"x\",\"to\":1.5} | 400 | BAD_FIELD",
        "counters/raise | {\"rule\":\"order\",\"app\":\"x\",\"to\":1000000} | 400 | BAD_FIELD",
        "counters/raise | {\"rule\":\"order\",\"app\":\"x\",\"to\":999999} | 409 | EXHAUSTED",
        "counters/raise | {\"rule\":\"none\",\"app\":\"x\",\"to\":5} | 404 | UNKNOWN_RULE",
        "counters/raise | {\"rule\":\"order\",\"app\":\"x\",\"to\":5,\"more\":1} | 400 | BAD_FIELD",
        "rules/try | {\"rule\":\"none\"} | 404 | UNKNOWN_RULE",
        "rules/try | {\"rule\":\"order\",\"at\":\"yesterday\"} | 400 | BAD_FIELD",
        "rules/reload | {} | 400 | BAD_FIELD",
        "rules/reload | {\"expected_version\":77} | 409 | VERSION_CHANGED",
        "rules/rollback | {\"expected_version\":77} | 409 | VERSION_CHANGED",
      })
  void refusesWhatItCannotDo(String path, String body, int status, String error) throws Exception {
    JsonObject refused = post("/admin/" + path, body, status);

    assertThat(refused.getString("error")).isEqualTo(error);
    assertThat(refused.getString("message")).isNotBlank();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"counters?limit=0", "counters?limit=x", "counters?after=x", "blocks?number=x"})
  void refusesParametersThatAreNone(String path) throws Exception {
    assertThat(object(rest.get("/admin/" + path), 400).getString("error")).isEqualTo("BAD_FIELD");
  }

  @Test
  void saysWhoIsLoggedIn() throws Exception {
    JsonObject session = get("/admin/session");

    assertThat(session.getString("user")).isEqualTo(USER);
  }

  @Test
  void showsACounterWithItsBlockAndWhoGotIt() throws Exception {
    String id;
    try (UdpClient client = server.udp()) {
      id = client.id("order", "shown/ü 1");
    }
    assertThat(id).endsWith("000001");

    JsonObject counter = list(get("/admin/counters?search=shown"), "counters").get(0);
    assertThat(counter.getString("app")).isEqualTo("shown/ü 1");
    assertThat(counter.getString("last_number")).isEqualTo("1");
    assertThat(counter.getString("reserved")).isEqualTo("10");
    assertThat(counter.getString("block_left")).isEqualTo("9");
    assertThat(counter.getString("allocation")).isEqualTo("interleaved");
    assertThat(counter.getString("period")).isEqualTo("day");
    assertThat(counter.getJsonNumber("used_share").doubleValue()).isBetween(0.000009, 0.000011);

    JsonObject block =
        list(get("/admin/blocks?rule=order&number=7"), "blocks").stream()
            .filter(each -> each.getString("app").startsWith("shown"))
            .findFirst()
            .orElseThrow();
    assertThat(block.getString("first")).isEqualTo("1");
    assertThat(block.getString("last")).isEqualTo("10");
    assertThat(list(get("/admin/blocks?rule=order&number=999"), "blocks")).isEmpty();
  }

  @Test
  void pagesThroughAllCountersOnce() throws Exception {
    try (UdpClient client = server.udp()) {
      for (int i = 0; i < 12; i++) {
        client.id("order", "page" + i);
      }
    }
    List<String> seen = new ArrayList<>();
    String after = "";
    while (after != null) {
      JsonObject page = get("/admin/counters?search=page&limit=5&after=" + after);
      list(page, "counters").forEach(counter -> seen.add(counter.getString("app")));
      after = page.isNull("next") ? null : page.getString("next");
    }
    assertThat(seen).hasSize(12).doesNotHaveDuplicates();
  }

  @Test
  void aRaisedCounterGoesOnAboveAndStaysThereOverARestart() throws Exception {
    try (UdpClient client = server.udp()) {
      client.id("order", "raised");
    }
    String body = "{\"rule\":\"order\",\"app\":\"raised\",\"to\":\"5000\"}";
    assertThat(post("/admin/counters/raise", body, 200).getBoolean("raised")).isTrue();
    assertThat(post("/admin/counters/raise", body, 200).getBoolean("raised")).isFalse();
    assertThat(
            post("/admin/counters/raise", "{\"rule\":\"order\",\"app\":\"fresh\",\"to\":70}", 200)
                .getBoolean("raised"))
        .isTrue();
    try (UdpClient client = server.udp()) {
      assertThat(client.id("order", "raised")).endsWith("005001");
    }

    server.kill();
    server.start();

    try (UdpClient client = server.udp()) {
      assertThat(client.id("order", "raised"))
          .isGreaterThan("A" + "0".repeat(6))
          .matches(".*005[0-9]{3}");
      assertThat(client.id("order", "fresh")).matches(".*0000[7-9][0-9]");
    }
  }

  @Test
  void takesOverTheCountersOfAnotherSystem() throws Exception {
    String rows = "order\timported a\t41\norder\timported b\t123456\norder\timported a\t40\n";

    JsonObject taken =
        object(rest.send("POST", "/admin/counters/import", rows, "text/tab-separated-values"), 200);

    assertThat(taken.getInt("raised")).isEqualTo(2);
    try (UdpClient client = server.udp()) {
      assertThat(client.id("order", "imported a")).endsWith("000042");
      assertThat(client.id("order", "imported b")).endsWith("123457");
    }
  }

  @Test
  void takesOverNothingWhereALineIsWrong() throws Exception {
    String rows = "order\tuntouched\t41\norder\tx\tmany\nnone\tx\t1\n";

    JsonObject refused =
        object(rest.send("POST", "/admin/counters/import", rows, "text/tab-separated-values"), 400);

    assertThat(refused.getString("message")).contains("line 2: number", "no such rule");
    assertThat(server.rest().get("/counters/order/untouched").status()).isEqualTo(404);
  }

  @Test
  void triesARuleWithoutACounter() throws Exception {
    JsonObject tried =
        post(
            "/admin/rules/try",
            "{\"rule\":\"order\",\"at\":\"2026-12-31T10:00:00\",\"number\":\"417\"}",
            200);

    assertThat(tried.isNull("fault")).isTrue();
    assertThat(tried.getJsonArray("lint")).isEmpty();
    JsonObject chosen = list(tried, "cases").get(0);
    assertThat(chosen.getString("case")).isEqualTo("chosen");
    assertThat(chosen.getString("id")).endsWith("261231000417");
    assertThat(list(tried, "cases"))
        .filteredOn(each -> each.getString("case").equals("year_begin"))
        .singleElement()
        .satisfies(each -> assertThat(each.getString("id")).endsWith("270101000417"));
    assertThat(server.rest().get("/counters/order/never_used").status()).isEqualTo(404);
  }

  @Test
  void tellsWhatIsWrongWithARuleThatIsTried() throws Exception {
    String text = Json.createValue("function oops(").toString();

    JsonObject tried = post("/admin/rules/try", "{\"rule\":\"new\",\"text\":" + text + "}", 200);

    assertThat(tried.getString("fault")).contains("new.lua");
    assertThat(tried.getJsonArray("cases")).isEmpty();
  }

  @Test
  void showsTheDifferenceReloadsAndGoesBack() throws Exception {
    installation.rule("order.lua", RULE.formatted("day", "A"));
    post("/admin/rules/reload", expected(), 200);

    installation.rule("order.lua", RULE.formatted("day", "B"));
    JsonObject change = list(get("/admin/rules/pending"), "changes").get(0);
    assertThat(change.getString("change")).isEqualTo("changed");
    assertThat(change.getString("difference"))
        .contains("-  return string.format(\"A")
        .contains("+  return string.format(\"B");

    assertThat(post("/admin/rules/reload", expected(), 200).getBoolean("succeeded")).isTrue();
    try (UdpClient client = server.udp()) {
      assertThat(client.id("order", "changing")).startsWith("B");
      assertThat(post("/admin/rules/rollback", expected(), 200).getBoolean("succeeded")).isTrue();
      assertThat(client.id("order", "changing")).startsWith("A");
    }
    JsonObject last = list(get("/admin/reloads"), "reloads").get(0);
    assertThat(last.getString("action")).isEqualTo("rollback");
    assertThat(last.getString("by")).isEqualTo(USER);
    assertThat(list(last, "rules").get(0).getString("change")).isEqualTo("changed");
  }

  @Test
  void remembersWhoChangedTheRulesOverARestart() throws Exception {
    post("/admin/rules/reload", expected(), 200);
    JsonObject before = list(get("/admin/reloads"), "reloads").get(0);

    server.stop();
    server.start();

    List<JsonObject> reloads = list(get("/admin/reloads"), "reloads");
    assertThat(reloads.get(0).getString("action")).isEqualTo("start");
    assertThat(reloads.get(1)).isEqualTo(before);
    assertThat(before.getString("by")).isEqualTo(USER);
    assertThat(server.control("jmx", "show").text())
        .contains(before.getString("at") + " reload by ops: ");
  }

  @Test
  void startsWithADamagedLogOfReloadsAndPutsItAside() throws Exception {
    server.stop();
    Files.writeString(server.data().resolve("reloads.json"), "{\"reloads\":[{\"at\":\"2026");

    server.start();

    assertThat(list(get("/admin/reloads"), "reloads")).hasSize(1);
    assertThat(server.data().resolve("reloads.json.damaged"))
        .hasContent("{\"reloads\":[{\"at\":\"2026");
    assertThat(installation.logs()).contains("The log of reloads is damaged and begins anew");
  }

  @Test
  void tellsWhatStandsAgainstAReload() throws Exception {
    installation.rule("order.lua", "function oops(\n");
    try {
      assertThat(get("/admin/rules/pending").getJsonArray("faults").toString())
          .contains("order.lua");
      JsonObject refused = post("/admin/rules/reload", expected(), 200);
      assertThat(refused.getBoolean("succeeded")).isFalse();
      assertThat(refused.getJsonArray("faults").toString()).contains("order.lua");
    } finally {
      installation.rule("order.lua", RULE.formatted("day", "A"));
    }
  }

  @Test
  void showsHowARuleTakesItsNumbersAndOnWhoseClock() throws Exception {
    String there = "function time_zone() return \"Asia/Tokyo\" end\n";
    installation.rule("order.lua", RULE.formatted("day", "A") + there);
    try {
      post("/admin/rules/reload", expected(), 200);
      JsonObject rule = list(get("/admin/rules"), "rules").get(0);
      assertThat(rule.getString("allocation")).isEqualTo("interleaved");
      assertThat(rule.getString("time_zone")).isEqualTo("Asia/Tokyo");
      assertThat(rule.isNull("confirm_seconds")).isTrue();
    } finally {
      installation.rule("order.lua", RULE.formatted("day", "A"));
      post("/admin/rules/reload", expected(), 200);
    }
    assertThat(list(get("/admin/rules"), "rules").get(0).isNull("time_zone")).isTrue();
  }

  @Test
  void showsTheServers() throws Exception {
    JsonObject node = list(get("/admin/nodes"), "nodes").get(0);

    assertThat(node.getBoolean("leased")).isTrue();
    assertThat(OffsetDateTime.parse(node.getString("lease_until")))
        .isAfter(OffsetDateTime.parse(node.getString("started_at")));
    assertThat(node.getBoolean("this_server")).isTrue();
    assertThat(node.getJsonNumber("pid").longValue())
        .isEqualTo(server.process().orElseThrow().pid());
  }

  @Test
  void tellsEverySecondWhatItDoes() throws Exception {
    try (Socket socket =
            new Socket(InetAddress.getLoopbackAddress(), server.settings().httpPort());
        UdpClient client = server.udp()) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write("GET /status/live HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      assertThat(lines.readLine()).contains(" 200 ");
      await()
          .until(
              () -> {
                client.id("order", "live");
                String line = Objects.requireNonNull(lines.readLine());
                return line.startsWith("data: ") && !line.contains("\"ids_per_second\":0,");
              });
    }
  }

  @Test
  void theControlScriptShowsAndSetsWhatTheMBeansTell() throws Exception {
    Outcome show = server.control("jmx", "show");

    assertThat(show.exitCode()).as(show.text()).isZero();
    assertThat(show.text())
        .contains("Rules", "Counters", "Reservations", "Udp", "Logging")
        .containsPattern("Listening +true +Whether datagrams are received");
    assertThat(server.control("jmx", "level", "4").exitCode()).isZero();
    assertThat(server.control("jmx", "level").text().strip()).isEqualTo("4");
    assertThat(server.control("jmx", "level", "3").exitCode()).isZero();
    assertThat(server.control("jmx", "level", "9").exitCode()).isEqualTo(2);
    assertThat(server.control("jmx").exitCode()).isEqualTo(2);
  }
}
