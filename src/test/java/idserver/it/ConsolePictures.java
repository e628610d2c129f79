package idserver.it;

import idserver.testing.MariaDb;
import jakarta.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * Takes the pictures of the console that the documents show, of a server under some minutes of
 * load. No test of the suite: {@code mvn verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false
 * -Dit.test=ConsolePictures}.
 */
class ConsolePictures {
  private static final Path FOLDER = Path.of("src/docs/screenshots");
  private static final Duration LOAD = Duration.ofMinutes(2);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final int LONGEST_LIST = 40;
  private static final int APPS = 24;

  private static final String INVOICE =
      """
      -- Invoice numbers: year, month, then a number that starts again each month.
      function min_counter() return 1 end
      function max_counter() return 99999 end
      function reset_period() return "month" end

      function create_id(counter, now, salt)
          local seq = counter:generate_counter()
          return string.format("%04d-%02d-%05d", now:year(), now:month(), seq)
      end
      """;

  @Test
  void areTaken() throws Exception {
    Browser.assumeInstalled();
    Installation installation = Installation.fresh("ConsolePictures").rule("invoice.lua", INVOICE);
    Settings settings =
        administered(Settings.of("data/1"))
            .nodes(2, 0)
            .rule("order_id", "order_id.lua", 100)
            .rule("task", "task.lua", 100)
            .rule("invoice", "invoice.lua", 100)
            .timeRule("event", "classic", "2026-01-01");
    try (Server server = installation.server(1, settings)) {
      server.start();
      try (Browser browser = Browser.of(server)) {
        browser.resize(1280, 860);
        browser.open("/overview");
        load(server);
        browser.picture(FOLDER.resolve("overview-light.png"));
        browser.choose("#theme", "dark");
        browser.picture(FOLDER.resolve("overview-dark.png"));
        browser.choose("#theme", "light");
        logIn(browser);
        browser.awaitText("table", "shop");
        browser.picture(FOLDER.resolve("counters.png"));
        browser.resize(390, 844);
        browser.picture(FOLDER.resolve("phone.png"));
        browser.resize(1280, 1240);
        browser.go("/rules/invoice", "Rules");
        browser.click(".lab .first");
        browser.awaitText(".outcome", "Midnight");
        browser.run("document.activeElement.blur(); scrollTo(0, 0)");
        browser.picture(FOLDER.resolve("rule-lab.png"));
      }
    }
  }

  @Test
  void ofHeldNumbersAreTaken() throws Exception {
    Browser.assumeInstalled();
    Installation installation =
        Installation.fresh("ConsolePictures-held").rule("invoice.lua", INVOICE);
    try (MariaDb database = MariaDb.fresh("ConsolePictures-database");
        Server server = installation.server(1, gapFree(database))) {
      server.start();
      Rest rest = server.rest();
      for (int i = 4711; i < 4731; i++) {
        rest.post("/ids/invoice/shop?request_id=order-" + i);
      }
      for (int i = 4711; i < 4724; i++) {
        String what = i % 6 == 0 ? "cancel" : "confirm";
        rest.post("/ids/invoice/shop/" + what + "?request_id=order-" + i);
      }
      try (Browser browser = Browser.of(server)) {
        browser.resize(1280, 860);
        browser.open("/counters");
        fillIn(browser);
        browser.go("/held/invoice/shop", "Held numbers");
        browser.awaitText("table", "order-4730");
        browser.awaitText("#state", "Ready");
        browser.picture(FOLDER.resolve("held.png"));
      }
    }
  }

  private static Settings gapFree(MariaDb database) throws IOException {
    return administered(Settings.of("data/1"))
        .on(database)
        .nodes(2, 0)
        .rule("invoice", "invoice.lua", 100)
        .gapFree(900);
  }

  private static Settings administered(Settings settings) {
    return settings.with(
        "admin",
        Json.createObjectBuilder().add("user", "ops").add("password", "many secrets").build());
  }

  private static void load(Server server) throws IOException {
    Random random = new Random(1);
    Rest rest = server.rest();
    long start = System.nanoTime();
    while (System.nanoTime() - start < LOAD.toNanos()) {
      String rule = List.of("invoice", "task", "event").get(random.nextInt(3));
      int apps = rule.equals("invoice") ? 4 : APPS;
      int count = 1 + random.nextInt(rule.equals("invoice") ? 2 : LONGEST_LIST);
      rest.post("/ids/%s/shop-%d?count=%d".formatted(rule, random.nextInt(apps), count));
      if (random.nextInt(100) == 0) {
        rest.post("/ids/nobody/shop");
      }
      LockSupport.parkNanos((long) (PAUSE_NANOS * random.nextDouble()));
    }
  }

  private static void logIn(Browser browser) {
    browser.go("/counters", "Log in");
    fillIn(browser);
  }

  private static void fillIn(Browser browser) {
    browser.type("[name=user]", "ops");
    browser.type("[name=password]", "many secrets");
    browser.click("form button");
    browser.awaitText("h1", "Counters");
  }
}
