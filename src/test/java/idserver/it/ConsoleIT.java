package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.MariaDb;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The web console in a real browser, on a real server. */
@ExtendWith(RunningServer.class)
class ConsoleIT {
  private static final String USER = "ops";
  private static final String PASSWORD = "näh maschine";

  /** What the browser tells of each event of the live figures. */
  private static final String LIVE = "Network.eventSourceMessageReceived";

  private static final String RULE =
      """
      function min_counter() return 1 end
      function max_counter() return 999999 end
      function reset_seconds() return 0 end
      function create_id(counter, now, salt)
        return string.format("%s%%06d", counter:generate_counter())
      end
      """;

  private static Installation installation;
  private static Server server;
  private static Browser browser;

  @BeforeAll
  static void start() throws Exception {
    Browser.assumeInstalled();
    installation =
        Installation.fresh("ConsoleIT")
            .rule("changing.lua", RULE.formatted("A"))
            .rule("dated.lua", Installation.resource("dated.lua"));
    server =
        installation.server(
            1,
            administered("data/1")
                .nodes(2, 0)
                .rule("changing", "changing.lua", 100)
                .rule("dated", "dated.lua", 100)
                .timeRule("event", "classic", "2026-01-01"));
    server.start();
    browser = Browser.of(server);
  }

  private static Settings administered(String dataDir) throws IOException {
    return Settings.of(dataDir)
        .with(
            "admin",
            Json.createObjectBuilder().add("user", USER).add("password", PASSWORD).build());
  }

  @AfterAll
  static void end() {
    if (browser != null) {
      browser.close();
    }
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void nothingIsRemembered() {
    browser.resize(1280, 900);
    browser.open("/overview");
    browser.run("localStorage.clear(); sessionStorage.clear()");
    browser.open("/overview");
  }

  @AfterEach
  void theBrowserHasNothingToComplainOf() {
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  void showsTheNumbersMoveWhileIdsAreDrawn() {
    Rest rest = server.rest();

    browser.awaitText("#state", "Ready");
    Browser.await(
        () -> {
          rest.post("/ids/dated/moving?count=500");
          assertThat(figure("ids_per_second")).isPositive();
          assertThat(figure("requests_per_second")).isPositive();
          assertThat(figure("counters")).isPositive();
          assertThat(browser.text("[data-figure=latency_p99_us]")).matches("[\\d.]+ (µs|ms|s)");
        });
    // two points make a line
    Browser.await(() -> assertThat(attribute(".line-0", "d")).matches("M[^L]+L.+"));
    browser.awaitText(".totals", "Blocks reserved");
  }

  private static long figure(String name) {
    String digits = browser.text("[data-figure=" + name + "]").replaceAll("\\D", "");
    return digits.isEmpty() ? 0 : Long.parseLong(digits);
  }

  @Test
  void tellsTheFiguresOfAMomentByKeyboard() {
    String plot = ".plot";
    Browser.await(() -> assertThat(attribute(plot, "aria-valuemax")).matches("[1-9]\\d*"));

    browser.element(plot).sendKeys(Keys.HOME);

    assertThat(attribute(plot, "aria-valuenow")).isEqualTo("0");
    assertThat(attribute(plot, "aria-valuetext")).matches("\\d\\d:\\d\\d:\\d\\d: Ids .*");
  }

  private static String attribute(String css, String name) {
    return Objects.requireNonNullElse(browser.element(css).getDomAttribute(name), "");
  }

  @Test
  void speaksTheLanguageThatIsChosenAndRemembersIt() {
    assertThat(browser.text("h1")).isEqualTo("Overview");

    browser.choose("#language", "zh");
    browser.awaitText("h1", "概览");
    browser.open("/counters");

    assertThat(browser.text("h1")).isEqualTo("登录");
    assertThat(browser.run("return document.documentElement.lang")).isEqualTo("zh-CN");
  }

  @Test
  void wearsTheThemeThatIsChosenAndRemembersIt() {
    Object light = background();

    browser.choose("#theme", "dark");
    Browser.await(() -> assertThat(background()).isNotEqualTo(light));
    Object dark = background();
    browser.open("/overview");

    assertThat(background()).isEqualTo(dark);
  }

  private static Object background() {
    return browser.run("return getComputedStyle(document.body).backgroundColor");
  }

  @Test
  void refusesWrongCredentials() {
    browser.go("/counters", "Log in");
    fillIn(USER, "wrong");

    browser.awaitText("[role=alert]", "does not know this user");
    assertThat(browser.complaints()).hasSize(1).first().asString().contains("401");
  }

  @Test
  void saysHowToConfigureAdministrationWhereThereIsNone(Server without) {
    try (Browser other = Browser.of(without)) {
      other.open("/counters");
      fillIn(other, USER, PASSWORD);

      other.awaitText("[role=alert]", "\"admin\": {");
      assertThat(other.complaints()).hasSize(1).first().asString().contains("403");
    }
  }

  @Test
  void logsOut() {
    logIn("/servers", "Servers");
    browser.awaitText("table", "this server");

    browser.click("#settings button");

    browser.awaitText("h1", "Log in");
    assertThat(browser.run("return sessionStorage.length")).isEqualTo(0L);
  }

  @Test
  void findsACounterAndTheBlockThatHoldsANumber() throws Exception {
    for (String app : List.of("found", "lost")) {
      server.rest().post("/ids/dated/" + app + "?count=3");
    }
    logIn("/counters", "Counters");

    browser.type("[name=search]", "foun");
    Browser.await(() -> assertThat(browser.count("tbody tr")).isEqualTo(1));
    assertThat(browser.text("tbody tr")).contains("dated", "found", "Day");

    browser.go("/blocks", "Blocks");
    browser.type("[name=app]", "found");
    browser.type("[name=number]", "2");
    browser.click(".filter button");
    Browser.await(() -> assertThat(browser.count("tbody tr")).isEqualTo(1));
    assertThat(browser.text("tbody tr")).contains("dated", "found");
  }

  @Test
  void raisesACounterWhenThatIsConfirmed() throws Exception {
    server.rest().post("/ids/changing/raised");
    logIn("/counters", "Counters");
    browser.type("[name=search]", "raised");
    Browser.await(() -> assertThat(browser.count("tbody tr")).isEqualTo(1));

    browser.click("tbody button");
    browser.type("dialog [name=to]", "700001");
    browser.click("dialog button.first");
    browser.awaitText("dialog [role=alert]", "to 700,001 will not be issued");
    browser.click("dialog button.danger");

    browser.awaitText("#notice", "changing / raised");
    Browser.await(() -> assertThat(browser.count("dialog")).isZero());
    String id = server.rest().post("/ids/changing/raised").answer().id();
    assertThat(Long.parseLong(id.substring(1))).isGreaterThan(700_001);
  }

  @Test
  void triesARuleAndSaysWhatIsWrongWithIt() {
    logIn("/rules/dated", "Rules");
    browser.awaitText("label .editor, .source", "dated.lua");
    browser.type(".lab [name=number]", "416");
    browser.run("document.querySelector('.lab [name=at]').value = '2026-12-31T23:59:59'");
    browser.click(".lab .first");
    browser.awaitText(".outcome", "20261231-000000000416");
    assertThat(browser.text(".outcome")).contains("The lint finds no id", "Midnight", "Maximum");

    browser.type("textarea", "function min_counter(");
    browser.element("textarea").sendKeys(Keys.chord(Keys.CONTROL, Keys.ENTER));
    browser.awaitText(".outcome [role=alert]", "does not load");
    assertThat(browser.text(".outcome")).contains("dated.lua:1");

    browser.click(".source button");
    assertThat(browser.element("textarea").getDomProperty("value")).contains("create_id");
  }

  @Test
  void showsTheDifferenceReloadsAndGoesBack() throws Exception {
    installation.rule("changing.lua", RULE.formatted("B"));
    logIn("/rules", "Rules");

    browser.click(".heading .first");
    browser.awaitText("dialog .removed", "\"A%06d\"");
    browser.awaitText("dialog .added", "\"B%06d\"");
    browser.click("dialog .first");
    browser.awaitText("#notice", "is served now");
    assertThat(server.rest().post("/ids/changing/served").answer().id()).startsWith("B");

    browser.click(".heading button:not(.first)");
    browser.click("dialog .danger");
    Browser.await(
        () -> assertThat(server.rest().post("/ids/changing/served").answer().id()).startsWith("A"));

    browser.go("/reloads", "Reloads");
    browser.awaitText("tbody tr:nth-child(1)", "way back");
    browser.awaitText("tbody tr:nth-child(2)", "changing changed");
  }

  @Test
  void doesNotReloadWhatIsBroken() throws Exception {
    installation.rule("changing.lua", RULE.formatted("C") + "function oops(\n");
    logIn("/rules", "Rules");

    browser.click(".heading .first");
    browser.awaitText("dialog [role=alert]", "changing.lua");

    assertThat(browser.element("dialog .first").isEnabled()).isFalse();
    browser.click("dialog .actions button");
    installation.rule("changing.lua", RULE.formatted("A"));
  }

  @Test
  void saysThatTheServerIsNotReachedAndGoesOnByItselfWhenItIsBack() throws Exception {
    try (Server restarted =
            installation.server(2, administered("data/2").rule("dated", "dated.lua", 100));
        Browser page = Browser.of(restarted)) {
      restarted.start();
      page.open("/counters");
      fillIn(page, USER, PASSWORD);
      page.awaitText("h1", "Counters");
      page.go("/overview", "Overview");
      page.awaitText("#state", "Ready");
      page.run("window.before = 'the same page'");

      restarted.stop();
      page.awaitText("#state", "No connection, trying again");
      page.awaitText(".totals [role=alert]", "The server does not answer");
      page.go("/servers", "Servers");
      page.awaitText("main [role=alert]", "The server does not answer");

      restarted.start();
      page.awaitText("#state", "Ready");
      page.awaitText("table", "this server");
      assertThat(page.count("main [role=alert]")).isZero();
      page.go("/overview", "Overview");
      Rest rest = restarted.rest();
      Browser.await(
          () -> {
            rest.post("/ids/dated/back");
            assertThat(page.text("[data-figure=counters]")).isEqualTo("1");
          });
      page.awaitText(".totals", "Blocks reserved");
      assertThat(page.run("return window.before")).isEqualTo("the same page");
      assertThat(page.complaints())
          .as("no more than the browser's own, of requests that got no answer")
          .isNotEmpty()
          .allSatisfy(line -> assertThat(line).contains("Failed to load resource"));
    }
  }

  @Test
  void showsWhoseGapFreeNumbersAreHeldAndWhoseLeaseHasRunOut() throws Exception {
    try (MariaDb database = MariaDb.fresh("ConsoleIT-database");
        Server killed = installation.server(3, shared(database, 0));
        Server kept = installation.server(4, shared(database, 1));
        Browser page = Browser.of(kept)) {
      killed.start();
      kept.start();
      for (String name : List.of("order-1", "order-2", "order-3", "order-4")) {
        killed.rest().post("/ids/invoice/a%2Fb?request_id=" + name);
      }
      kept.rest().post("/ids/invoice/a%2Fb/confirm?request_id=order-2");
      kept.rest().post("/ids/invoice/a%2Fb/cancel?request_id=order-4");
      killed.rest().post("/ids/ticket/elsewhere");

      page.open("/servers");
      fillIn(page, USER, PASSWORD);
      page.awaitText("tbody tr:nth-child(1)", "runs out in");
      page.awaitText("tbody tr:nth-child(2)", "this server");
      page.awaitText("main", "2 of 4 places are held now");
      killed.kill();
      execute(database, "UPDATE id_server_node SET lease_until = 1 WHERE node_offset = 0");
      page.awaitText("tbody tr:nth-child(1)", "It was killed, or does not reach the database");
      assertThat(page.text("tbody tr:nth-child(1)")).contains("run out", "ago");
      assertThat(page.text("tbody tr:nth-child(2)")).contains("held", "runs out in");
      assertOpenToEverybody(page, "servers");

      page.go("/rules", "Rules");
      page.awaitText("tbody tr:nth-child(1)", "gap-free");
      assertThat(page.text("tbody tr:nth-child(1)")).contains("invoice", "held for 300 s");
      assertThat(page.text("tbody tr:nth-child(2)")).contains("ticket", "shared", "in Asia/Tokyo");

      page.go("/counters", "Counters");
      page.awaitText("tbody tr:nth-child(2)", "shared");
      assertThat(page.text("tbody tr:nth-child(2)")).contains("not used by this server");
      assertThat(page.text("tbody tr:nth-child(1)"))
          .contains("gap-free", "one row for all servers");

      page.click("tbody tr:nth-child(1) a");
      page.awaitText("h1", "Held numbers");
      Browser.await(() -> assertThat(page.text("[data-figure=held]")).isEqualTo("2"));
      assertThat(page.text("[data-figure=free]")).isEqualTo("1");
      assertThat(page.text("[data-figure=doubtful]")).isEqualTo("0");
      assertThat(page.text("tbody tr:nth-child(1)")).contains("order-1", "INV-000001", "minutes");
      page.choose("[name=state]", "free");
      Browser.await(() -> assertThat(page.count("tbody tr")).isEqualTo(1));
      assertThat(page.text("tbody tr")).startsWith("4").doesNotContain("order-");
      assertOpenToEverybody(page, "held");

      hold(kept.rest(), "many", 1001);
      page.go("/held/invoice/many", "Held numbers");
      page.awaitText(".list", "these 1,000 begin with number 1,");
      assertThat(page.count("tbody tr")).isEqualTo(50);
      page.click(".pages button");
      page.awaitText("tbody tr", "51");
      for (int last = 101; last <= 951; last += 50) {
        page.click(".pages button:last-child");
        page.awaitText("tbody tr", String.valueOf(last));
      }
      page.click(".pages button:last-child");
      page.awaitText(".list", "these 1 begin with number 1,001,");
      assertThat(page.count("tbody tr")).isEqualTo(1);
      page.click(".pages button");
      page.awaitText("tbody tr", "951");

      page.type("[name=app]", "nobody's");
      page.element("[name=app]").sendKeys(Keys.ENTER);
      page.awaitText(".empty", "Every number of nobody's that was given is confirmed");
      page.go("/held", "Held numbers");
      page.awaitText("tbody tr", "a/b");

      execute(
          database, "UPDATE id_server_node SET owner = '', lease_until = 0 WHERE node_offset = 0");
      page.go("/servers", "Servers");
      page.awaitText("tbody tr:nth-child(1)", "given back");
      assertThat(page.complaints()).isEmpty();
    }
  }

  /** Has so many numbers held, as many clients at once do: those share commits. */
  /** What would else take as long as a lease, or a start and a stop. */
  private static void execute(MariaDb database, String statement) throws SQLException {
    try (Connection connection = database.connect();
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  private static void hold(Rest rest, String app, int count) throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(16);
    try {
      List<Callable<Integer>> requests = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        String path = "/ids/invoice/" + app + "?request_id=many-" + i;
        requests.add(() -> rest.post(path).status());
      }
      for (Future<Integer> status : clients.invokeAll(requests)) {
        assertThat(status.get()).isEqualTo(200);
      }
    } finally {
      clients.shutdown();
    }
  }

  /** Two of four servers on one database: one rule without gaps, one on whose row they share. */
  private static Settings shared(MariaDb database, int offset) throws IOException {
    installation
        .rule("invoice.lua", RULE.formatted("INV-"))
        .rule(
            "ticket.lua", RULE.formatted("T") + "function time_zone() return \"Asia/Tokyo\" end\n");
    return administered("data/shared-" + offset)
        .on(database)
        .nodes(4, offset)
        .with(
            "rules",
            Json.createArrayBuilder()
                .add(rule("invoice", "gap_free"))
                .add(rule("ticket", "shared"))
                .build());
  }

  private static JsonObject rule(String name, String allocation) {
    return Json.createObjectBuilder()
        .add("name", name)
        .add("lua_file", name + ".lua")
        .add("allocation", allocation)
        .build();
  }

  @Test
  void asksForNothingWhileItIsHidden() {
    try (Browser page = Browser.listening(server)) {
      page.open("/overview");
      page.awaitText("#state", "Ready");
      Browser.await(() -> assertThat(page.exchanges()).anyMatch(LIVE::equals));
      page.run("window.before = 'the same page'");

      page.whileHidden(
          () -> {
            awaitVisibility(page, "hidden");
            page.exchanges();
            List<String> asked = new ArrayList<>();
            // more than twice as long as the longest pause between two questions
            Browser.during(
                Duration.ofSeconds(12),
                () -> {
                  asked.addAll(page.exchanges());
                  assertThat(asked).isEmpty();
                });
          });

      awaitVisibility(page, "visible");
      Browser.await(() -> assertThat(page.exchanges()).anyMatch(LIVE::equals));
      page.awaitText("#state", "Ready");
      assertThat(page.run("return window.before")).isEqualTo("the same page");
      assertThat(page.complaints()).isEmpty();
    }
  }

  private static void awaitVisibility(Browser page, String state) {
    Browser.await(() -> assertThat(page.run("return document.visibilityState")).isEqualTo(state));
  }

  @ParameterizedTest
  @CsvSource({
    "overview, Overview",
    "counters, Counters",
    "held, Held numbers",
    "blocks, Blocks",
    "servers, Servers",
    "rules, Rules",
    "reloads, Reloads",
  })
  void keepsNobodyOut(String view, String heading) throws Exception {
    server.rest().post("/ids/dated/accessible");
    browser.open("/counters");
    assertThat(browser.barriers()).as("the form").isEmpty();
    logIn("/" + view, heading);
    Browser.await(() -> assertThat(browser.count("main [aria-busy]")).isZero());

    assertOpenToEverybody(browser, view);
  }

  private static void assertOpenToEverybody(Browser browser, String view) throws IOException {
    for (String theme : List.of("light", "dark")) {
      browser.choose("#theme", theme);
      assertThat(browser.barriers()).as("%s, %s", view, theme).isEmpty();
    }
    browser.resize(360, 740);
    assertThat(browser.barriers()).as("%s on a phone", view).isEmpty();
    assertThat((Long) browser.run("return document.documentElement.scrollWidth"))
        .as("nothing is wider than the phone")
        .isLessThanOrEqualTo(360);
    browser.resize(1280, 900);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/overview", "/rules"})
  void isSmall(String address) {
    browser.open(address);
    browser.awaitText("#state", "Ready");

    assertThat(
            (Long)
                browser.run(
                    """
                    return ["navigation", "resource"].flatMap(type => performance.getEntriesByType(type))
                      .reduce((sum, each) => sum + each.encodedBodySize, 0)
                    """))
        .isBetween(10_000L, 150_000L);
  }

  @Test
  void skipsToTheContentByKeyboard() {
    browser.element("body").sendKeys(Keys.TAB);
    assertThat(browser.run("return document.activeElement.id")).isEqualTo("skip");

    browser.element("#skip").sendKeys(Keys.ENTER);

    assertThat(browser.run("return document.activeElement.id")).isEqualTo("main");
  }

  private static void logIn(String address, String heading) {
    browser.open(address);
    if (browser.text("h1").equals("Log in")) {
      fillIn(USER, PASSWORD);
    }
    browser.awaitText("h1", heading);
  }

  private static void fillIn(String user, String password) {
    fillIn(browser, user, password);
  }

  private static void fillIn(Browser browser, String user, String password) {
    browser.type("[name=user]", user);
    browser.type("[name=password]", password);
    browser.click("form button");
  }
}
