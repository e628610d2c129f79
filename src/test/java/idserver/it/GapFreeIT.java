package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.testing.MariaDb;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Numbers of which none may be missing, on two servers of one database, one of which dies. */
class GapFreeIT {
  private static final String RULE =
      """
      function min_counter() return 1 end
      function max_counter() return 999999 end
      function reset_seconds() return 0 end
      function create_id(counter, now, salt)
        return string.format("INV-%06d", counter:generate_counter())
      end
      """;

  private static MariaDb database;
  private static Server one;
  private static Server two;

  @BeforeAll
  static void start() throws Exception {
    database = MariaDb.fresh("GapFreeIT-database");
    Installation installation = Installation.fresh("GapFreeIT").rule("invoice.lua", RULE);
    one = installation.server(1, settings(0));
    two = installation.server(2, settings(1));
    one.start();
    two.start();
  }

  private static Settings settings(int offset) throws IOException {
    JsonObject admin =
        Json.createObjectBuilder().add("user", "ops").add("password", "correct horse").build();
    return Settings.of("data/" + offset)
        .on(database)
        .nodes(2, offset)
        .with("admin", admin)
        .rule("invoice", "invoice.lua", 100)
        .gapFree(3);
  }

  @AfterAll
  static void end() {
    one.close();
    two.close();
    database.close();
  }

  private static String request(String action, String app, String requestId) {
    return ("{\"action\":\"%s\",\"rule_name\":\"invoice\",\"app_name\":\"%s\","
            + "\"request_id\":\"%s\",\"seq\":\"%s\"}")
        .formatted(action, app, requestId, requestId);
  }

  private static Answer ask(Server server, String action, String app, String requestId)
      throws IOException {
    return UdpClient.askOnce(server.settings().udpPort(), request(action, app, requestId));
  }

  @Test
  void anIdIsHeldConfirmedAndCancelledOnWhicheverServerOverUdp() throws Exception {
    Answer first = ask(one, "get", "udp", "order-1");
    assertThat(first.id()).isEqualTo("INV-000001");
    assertThat(first.seq().toString()).isEqualTo("\"order-1\"");
    assertThat(ask(two, "get", "udp", "order-1").id()).isEqualTo("INV-000001");
    assertThat(ask(two, "get", "udp", "order-2").id()).isEqualTo("INV-000002");

    assertThat(ask(one, "cancel", "udp", "order-1").text())
        .isEqualTo("{\"code\":0,\"message\":\"ok\",\"seq\":\"order-1\"}");
    assertThat(ask(two, "confirm", "udp", "order-1").error()).isEqualTo("NOT_HELD");
    assertThat(ask(two, "get", "udp", "order-3").id()).isEqualTo("INV-000001");

    assertThat(ask(one, "confirm", "udp", "order-3").id()).isEqualTo("INV-000001");
    assertThat(ask(two, "confirm", "udp", "order-3").id()).isEqualTo("INV-000001");
    assertThat(ask(two, "cancel", "udp", "order-3").error()).isEqualTo("ALREADY_CONFIRMED");
    assertThat(ask(one, "get", "udp", "order-3").id()).isEqualTo("INV-000001");
    try (UdpClient client = one.udp()) {
      assertThat(client.get("invoice", "udp").error()).isEqualTo("BAD_FIELD");
    }
  }

  @Test
  void theSameOverHttp() throws Exception {
    Rest rest = one.rest();
    Rest other = two.rest();
    assertThat(rest.post("/ids/invoice/http?request_id=a").answer().id()).isEqualTo("INV-000001");
    assertThat(other.post("/ids/invoice/http", "\"b\"").answer().id()).isEqualTo("INV-000002");
    assertThat(other.ask(request("get", "http", "c")).answer().id()).isEqualTo("INV-000003");

    Rest.Reply confirmed = other.post("/ids/invoice/http/confirm?request_id=a&seq=7");
    assertThat(confirmed.body())
        .isEqualTo("{\"code\":0,\"message\":\"success\",\"data\":\"INV-000001\",\"seq\":7}");
    assertThat(rest.post("/ids/invoice/http/cancel", "\"b\"").body())
        .isEqualTo("{\"code\":0,\"message\":\"ok\"}");
    assertThat(rest.ask(request("confirm", "http", "c")).answer().id()).isEqualTo("INV-000003");

    Rest.Reply late = rest.post("/ids/invoice/http/confirm?request_id=b");
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.answer().error()).isEqualTo("NOT_HELD");
    Rest.Reply kept = rest.post("/ids/invoice/http/cancel?request_id=a");
    assertThat(kept.status()).isEqualTo(409);
    assertThat(kept.answer().error()).isEqualTo("ALREADY_CONFIRMED");
    assertThat(rest.post("/ids/invoice/http?count=2&request_id=d").status()).isEqualTo(400);
    assertThat(rest.post("/ids/invoice/http").body())
        .contains("BAD_FIELD", "request_id is missing");
    assertThat(rest.post("/ids/invoice/http/confirm").answer().error()).isEqualTo("BAD_FIELD");
    assertThat(rest.post("/ids/nobody/http/confirm?request_id=a").status()).isEqualTo(404);
  }

  @Test
  void anAuditorSeesWhatIsNotConfirmedAndTheFiguresTellHowMany() throws Exception {
    for (String request : List.of("a", "b", "c")) {
      ask(one, "get", "audit", request);
    }
    ask(one, "confirm", "audit", "b");
    ask(one, "cancel", "audit", "c");

    Rest ops = two.rest().as("ops", "correct horse");
    String held = ops.get("/admin/held?rule=invoice&app=audit").body();
    assertThat(held)
        .contains("\"id\":\"INV-000001\",\"number\":\"1\",\"period_start\":null")
        .contains("\"request_id\":\"a\",\"state\":\"held\"")
        .contains("\"number\":\"3\",\"period_start\":null,\"request_id\":null,\"state\":\"free\"")
        .doesNotContain("\"number\":\"2\"");
    assertThat(ops.get("/admin/held?rule=invoice&app=audit&limit=1").body())
        .contains("\"next\":\"0_1\"");
    assertThat(ops.get("/admin/held?rule=invoice&app=audit&after=0_1").body())
        .doesNotContain("\"number\":\"1\"");
    assertThat(ops.get("/admin/held?rule=invoice&app=audit&after=x").status()).isEqualTo(400);
    assertThat(one.rest().get("/status").answer().json().getInt("gap_free_held")).isPositive();
    assertThat(one.rest().get("/metrics").body())
        .contains("id_server_gap_free_numbers_total{state=\"confirmed\"}");

    // numbers that another system has issued
    assertThat(
            ops.send(
                    "POST",
                    "/admin/counters/raise",
                    "{\"rule\":\"invoice\",\"app\":\"taken over\",\"to\":\"500\"}",
                    "application/json")
                .body())
        .contains("\"raised\":true");
    assertThat(ask(one, "get", "taken over", "a").id()).isEqualTo("INV-000501");
  }

  @Test
  void whatIsNotConfirmedInTimeGoesToTheNext() throws Exception {
    String id = ask(one, "get", "late", "gone").id();

    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              String next = ask(two, "get", "late", "next").id();
              if (!next.equals(id)) {
                ask(two, "cancel", "late", "next");
              }
              assertThat(next).isEqualTo(id);
            });

    assertThat(ask(one, "confirm", "late", "gone").error()).isEqualTo("NOT_HELD");
    assertThat(ask(one, "confirm", "late", "next").id()).isEqualTo(id);
  }

  @Test
  void aServerThatDiesBetweenTheTwoLosesNoNumber() throws Exception {
    String first = ask(one, "get", "killed", "order-1").id();
    String second = ask(one, "get", "killed", "order-2").id();
    ask(one, "confirm", "killed", "order-2");
    one.kill();

    assertThat(ask(two, "confirm", "killed", "order-1").id()).isEqualTo(first);
    assertThat(ask(two, "confirm", "killed", "order-2").id()).isEqualTo(second);
    assertThat(ask(two, "get", "killed", "order-3").id()).isEqualTo("INV-000003");

    one.start();
    assertThat(ask(one, "get", "killed", "order-1").id()).isEqualTo(first);
    assertThat(ask(one, "confirm", "killed", "order-3").id()).isEqualTo("INV-000003");
    assertThat(ask(one, "get", "killed", "order-4").id()).isEqualTo("INV-000004");
  }

  @Test
  void anotherAllocationIsNotReloaded() throws Exception {
    Settings before = two.settings();
    two.configure(Settings.of("data/1").on(database).nodes(2, 1).rule("invoice", "invoice.lua", 1));
    assertThat(two.control("reload").text()).contains("rule invoice: allocation", "gap_free");
    two.configure(before);
    assertThat(two.control("reload").exitCode()).isZero();
  }
}
