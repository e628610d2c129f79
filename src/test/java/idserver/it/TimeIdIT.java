package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import idserver.testing.Outcome;
import idserver.timeid.TimeIdFormat;
import idserver.timeid.TimeIdLayout;
import idserver.timeid.TimeIdParts;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients get of rules of type {@code time}, from offset 1 of two. */
class TimeIdIT {
  private static final int NODE = 1;
  private static final int NODES = 2;
  private static final String EPOCH = "2020-01-01";

  /** How far an id's time may be off the clock: what is spread or borrowed, and a busy machine. */
  private static final Duration NEAR = Duration.ofSeconds(20);

  /** A time id with a letter before and a check digit behind, as many rules want them. */
  private static final String CHECKED =
      """
      function min_counter() return 0 end
      function max_counter() return 999999 end
      function reset_seconds() return 0 end
      function create_id(counter, now, salt)
        local id = string.format("%d", counter:generate_time_id())
        local sum = 0
        for digit in string.gmatch(id, "%d") do sum = sum + digit end
        return "T" .. id .. (sum % 10)
      end
      """;

  /** A number of the counter, and a time id. */
  private static final String BOTH =
      """
      function min_counter() return 0 end
      function max_counter() return 999999 end
      function reset_seconds() return 0 end
      function create_id(counter, now, salt)
        return counter:generate_counter() .. "-" .. counter:generate_time_id()
      end
      """;

  private static Server server;

  @BeforeAll
  static void start() throws Exception {
    Settings settings =
        Settings.of("data/1")
            .nodes(NODES, NODE)
            .timeRule("classic", "classic", EPOCH)
            .timeRule("ordered", "ordered", EPOCH)
            .timeRule("spill", "spill", EPOCH)
            .rule("checked", "checked.lua", 100)
            .rule("both", "both.lua", 100);
    server =
        Installation.fresh("TimeIdIT")
            .rule("checked.lua", CHECKED)
            .rule("both.lua", BOTH)
            .server(1, settings);
    server.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "ordered", "spill"})
  void idsAreTextsOverUdpAndRest(String rule) throws Exception {
    try (UdpClient client = server.udp()) {
      Answer udp = client.ask(UdpClient.request("get", rule, "texts", 1));
      Answer rest = server.rest().post("/ids/" + rule + "/texts").answer();
      Answer again = client.ask(UdpClient.request("create", rule, "texts", 2));

      for (Answer answer : List.of(udp, rest, again)) {
        assertThat(answer.code()).as(answer.text()).isZero();
        assertThat(answer.text()).containsPattern("\"data\":\"[1-9]\\d{0,18}\"");
      }
      assertThat(List.of(udp.id(), rest.id(), again.id())).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "spill"})
  void twentyThousandIdsInBatchesAreUniqueAndInOrder(String rule) throws Exception {
    List<Long> ids = new ArrayList<>();
    try (UdpClient client = server.udp()) {
      while (ids.size() < 10_000) {
        ids.addAll(batch(client, rule, "many", 50));
      }
    }
    for (int i = 0; i < 10; i++) {
      ids.addAll(numbers(server.rest().post("/ids/" + rule + "/many?count=1000").answer().ids()));
    }

    assertThat(ids).hasSizeGreaterThanOrEqualTo(20_000);
    assertSound(rule, ids);
  }

  /** This layout has one id a millisecond for both servers: a few seconds' worth. */
  @Test
  void idsOfTheOrderedLayoutIncreaseAtTheirRate() throws Exception {
    List<Long> ids = new ArrayList<>();
    try (UdpClient client = server.udp()) {
      await()
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(10))
          .until(
              () -> {
                Answer answer = client.ask(batchRequest("ordered", "many", 50));
                while (answer.granted()) {
                  assertThat(answer.ids()).hasSize(50);
                  ids.addAll(numbers(answer.ids()));
                  answer = client.ask(batchRequest("ordered", "many", 50));
                }
                assertThat(answer.error()).isEqualTo("TOO_MANY");
                return ids.size() >= 2_000;
              });
    }

    assertSound("ordered", ids);
    assertThat(ids).allMatch(id -> id % NODES == NODE).allMatch(id -> id < 1L << 41);
  }

  @Test
  void tenThousandIdsComeInOneAnswer() throws Exception {
    List<String> ids = server.rest().post("/ids/classic/one?count=10000").answer().ids();

    assertThat(ids).hasSize(10_000);
    assertSound("classic", numbers(ids));
  }

  @Test
  void moreThanARuleCanGiveAtOnceAreRefused() throws Exception {
    Rest.Reply reply = server.rest().post("/ids/ordered/more?count=10000");

    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.answer().error()).isEqualTo("BAD_FIELD");
    assertThat(reply.answer().json().getString("message")).contains("count");
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "ordered", "spill"})
  void anIdIsDecoded(String rule) throws Exception {
    long id = Long.parseLong(server.rest().post("/ids/" + rule + "/decoded").answer().id());

    Rest.Reply reply = server.rest().get("/time_ids/" + rule + "/" + id);

    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.answer().code()).isZero();
    JsonObject data = reply.answer().json().getJsonObject("data");
    TimeIdParts parts = format(rule).decode(id);
    assertThat(data.getString("layout")).isEqualTo(rule);
    assertThat(data.getInt("node")).isEqualTo(NODE);
    assertThat(data.getInt("serial")).isEqualTo(parts.serial());
    assertThat(data.getJsonNumber("time_ms").longValueExact()).isEqualTo(parts.timeMs());
    assertThat(data.getString("sort_key")).isEqualTo(Long.toString(format(rule).sortKey(id)));
    Instant time = Instant.parse(data.getString("time"));
    assertThat(time).isEqualTo(parts.time());
    assertThat(Duration.between(time, Instant.now()).abs()).isLessThan(NEAR);
  }

  @ParameterizedTest
  @CsvSource({
    "GET,  /time_ids/nobody/1,                      404, UNKNOWN_RULE",
    "GET,  /time_ids/checked/1,                     404, UNKNOWN_RULE",
    "GET,  /time_ids/classic/x,                     400, BAD_FIELD",
    "GET,  /time_ids/classic/-1,                    400, BAD_FIELD",
    "GET,  /time_ids/classic/1.5,                   400, BAD_FIELD",
    "GET,  /time_ids/classic/9223372036854775808,   400, BAD_FIELD",
    "GET,  /time_ids/ordered/2199023255552,         400, BAD_FIELD",
    "POST, /ids/classic/x?count=0,                  400, BAD_FIELD",
    "POST, /ids/nobody/x,                           404, UNKNOWN_RULE",
    "GET,  /counters/classic/x,                     404, NOT_FOUND",
  })
  void refusesWithTheStatusOfTheRefusal(String method, String path, int status, String error)
      throws Exception {
    Rest.Reply reply = server.rest().send(method, path, "", "application/json");

    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.answer().error()).isEqualTo(error);
    assertThat(reply.answer().code()).isEqualTo(status);
  }

  @Test
  void aTimeRuleHasNoCounterToMonitor() throws Exception {
    try (UdpClient client = server.udp()) {
      assertThat(client.get("classic", "monitored").granted()).isTrue();
      assertThat(client.monitor("classic", "monitored").error()).isEqualTo("NOT_FOUND");
    }
  }

  @Test
  void aRuleInLuaPutsLettersAndACheckDigitAroundATimeId() throws Exception {
    List<Long> ids = new ArrayList<>();
    for (String id : server.rest().post("/ids/checked/x?count=100").answer().ids()) {
      Matcher matcher = Pattern.compile("T(\\d+)(\\d)").matcher(id);
      assertThat(matcher.matches()).as(id).isTrue();
      int sum = matcher.group(1).chars().map(digit -> digit - '0').sum();
      assertThat(matcher.group(2)).isEqualTo(Integer.toString(sum % 10));
      ids.add(Long.valueOf(matcher.group(1)));
    }

    assertSound("classic", ids);
    TimeIdParts parts = format("classic").decode(ids.get(0));
    assertThat(parts.node()).isEqualTo(NODE);
    assertThat(Duration.between(parts.time(), Instant.now()).abs()).isLessThan(NEAR);
  }

  @Test
  void aRuleInLuaTakesANumberAndATimeId() throws Exception {
    try (UdpClient client = server.udp()) {
      String first = client.id("both", "new");
      String second = client.id("both", "new");

      assertThat(first).matches("1-\\d{18,19}");
      assertThat(second).matches("3-\\d{18,19}");
      assertThat(second.substring(2)).isNotEqualTo(first.substring(2));
    }
  }

  @ParameterizedTest
  @CsvSource({"spill, 2020-01-01", "classic, 2021-01-01"})
  void aReloadThatChangesLayoutOrEpochIsRefused(String layout, String epoch) throws Exception {
    Settings before = server.settings();
    JsonObject json = Settings.of("data/1").timeRule("classic", layout, epoch).json();
    long last = Long.parseLong(server.rest().post("/ids/classic/kept").answer().id());
    try {
      server.configure(before.with("rules", json.getJsonArray("rules")));
      Outcome reload = server.control("reload");

      assertThat(reload.exitCode()).isNotZero();
      assertThat(reload.text())
          .contains("rule classic: layout and epoch: its time ids were made as classic since 2020")
          .doesNotContain("Exception", "\tat ");
      assertThat(Long.parseLong(server.rest().post("/ids/classic/kept").answer().id()))
          .isGreaterThan(last);
      assertThat(server.rest().post("/ids/ordered/kept").answer().granted()).isTrue();
    } finally {
      server.configure(before);
    }
  }

  @Test
  void aKillUnderLoadLeavesNoDuplicateAndNoDecrease() throws Exception {
    try (TimeIdLoad load = new TimeIdLoad(server, List.of("classic", "ordered", "spill"))) {
      for (int round = 0; round < 2; round++) {
        load.awaitBatches(20);
        server.kill();
        load.assertAlive();
        server.start();
      }
      load.awaitBatches(20);
      load.end().forEach(TimeIdIT::assertSound);
    }
  }

  /** None twice; and increasing by their sort key, which is the id but for one layout. */
  static void assertSound(String rule, List<Long> ids) {
    assertThat(ids).as(rule).doesNotHaveDuplicates();
    assertThat(ids.stream().map(id -> format(rule).sortKey(id)).toList()).as(rule).isSorted();
  }

  private static TimeIdFormat format(String rule) {
    TimeIdLayout layout =
        switch (rule) {
          case "ordered" -> TimeIdLayout.ORDERED;
          case "spill" -> TimeIdLayout.SPILL;
          default -> TimeIdLayout.CLASSIC;
        };
    return new TimeIdFormat(
        layout, Instant.parse(EPOCH + "T00:00:00Z").toEpochMilli(), NODE, NODES);
  }

  static String batchRequest(String rule, String app, int count) {
    return "{\"action\":\"get\",\"rule_name\":\"%s\",\"app_name\":\"%s\",\"count\":%d}"
        .formatted(rule, app, count);
  }

  static List<Long> batch(UdpClient client, String rule, String app, int count) throws Exception {
    List<String> ids = client.ask(batchRequest(rule, app, count)).ids();
    assertThat(ids).hasSize(count);
    return numbers(ids);
  }

  private static List<Long> numbers(List<String> ids) {
    return ids.stream().map(Long::valueOf).toList();
  }
}
