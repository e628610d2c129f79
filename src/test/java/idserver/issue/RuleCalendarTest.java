package idserver.issue;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.reserve.InMemoryBlockStore;
import idserver.reserve.InMemoryBlockStore.Outcome;
import idserver.rule.RuleFaults;
import idserver.rule.RuleSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Zones and fiscal years of rules, over the turns of periods, summer time and reloads. */
class RuleCalendarTest {
  private static final List<RuleSource> RULES =
      List.of(new RuleSource("day", "day.lua", 10), new RuleSource("fiscal", "fiscal.lua", 10));

  private static final String[] ZONES = {
    "Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"
  };
  private static final String[] STARTS = {"01-01", "04-01", "04-06", "07-01", "10-01", "12-31"};

  @TempDir Path directory;

  private final InMemoryBlockStore.Storage rows = new InMemoryBlockStore.Storage();
  private final Set<String> ids = new HashSet<>();
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    rules("Asia/Shanghai", "day", "04-01", "fiscal_year");
    server = serve();
  }

  private TestServer serve() throws RuleFaults {
    return new TestServer(
        directory,
        new InMemoryBlockStore(rows, TestServer.OFFSET, () -> Outcome.WORKS),
        writer -> {},
        RULES);
  }

  private void rules(String zone, String period, String start, String fiscalPeriod)
      throws IOException {
    write("day.lua", zone, start, period, "now:year(), now:month(), now:day(), now:hour(), seq");
    write(
        "fiscal.lua",
        zone,
        start,
        fiscalPeriod,
        "now:fiscal_year(), now:fiscal_quarter(), 0, 0, seq");
  }

  private void write(String file, String zone, String start, String period, String shown)
      throws IOException {
    Files.writeString(
        directory.resolve(file),
        """
        function time_zone() return "%s" end
        function fiscal_year_start() return "%s" end
        function min_counter() return 0 end
        function max_counter() return 999999 end
        function reset_period() return "%s" end
        function create_id(counter, now, salt)
          local seq = counter:generate_counter()
          return string.format("%%04d-%%02d-%%02d-%%02d-%%d", %s)
        end
        """
            .formatted(zone, start, period, shown));
  }

  private void reload(String zone, String period, String start, String fiscalPeriod)
      throws Exception {
    rules(zone, period, start, fiscalPeriod);
    server.rules.reload(RULES);
  }

  /** An id, which has not come before. */
  private String id(String rule) {
    Answer answer = server.issue(rule, "test", 1);
    server.write();
    assertThat(answer.ids()).as("%s %s", rule, answer.refused).hasSize(1);
    assertThat(ids.add(rule + answer.ids().get(0))).as(answer.ids().get(0)).isTrue();
    return answer.ids().get(0);
  }

  @Test
  void theDateAndThePeriodAreOfTheRulesOwnZone() throws Exception {
    reload("America/New_York", "day", "04-01", "fiscal_year");
    server.setTime("2015-05-15T11:59:59");
    assertThat(id("day")).isEqualTo("2015-05-14-23-1");
    assertThat(id("day")).isEqualTo("2015-05-14-23-5");

    server.setTime("2015-05-15T12:00:00");

    assertThat(id("day")).isEqualTo("2015-05-15-00-1");
  }

  @Test
  void aFiscalYearBeginsOnItsDayInTheZone() {
    server.setTime("2016-03-31T23:59:59");
    assertThat(id("fiscal")).isEqualTo("2016-04-00-00-1");
    assertThat(id("fiscal")).isEqualTo("2016-04-00-00-5");

    server.setTime("2016-04-01T00:00:00");
    assertThat(id("fiscal")).isEqualTo("2017-01-00-00-1");

    server.setTime("2017-01-01T00:00:00");
    assertThat(id("fiscal")).isEqualTo("2017-04-00-00-5");
  }

  @Test
  void aFiscalQuarterBeginsAgain() throws Exception {
    reload("Asia/Shanghai", "day", "04-01", "fiscal_quarter");
    server.setTime("2016-06-30T23:59:59");
    assertThat(id("fiscal")).isEqualTo("2017-01-00-00-1");

    server.setTime("2016-07-01T00:00:00");

    assertThat(id("fiscal")).isEqualTo("2017-02-00-00-1");
  }

  @Test
  void goesOnOverTheHourThatComesTwiceAndTheOneThatIsLeftOut() throws Exception {
    reload("America/New_York", "hour", "04-01", "fiscal_year");
    // 2015-11-01: 01:00 to 02:00 comes twice in New York, an hour each from 13:00 in Shanghai
    server.setTime("2015-11-01T12:59:59");
    assertThat(id("day")).isEqualTo("2015-11-01-00-1");
    server.setTime("2015-11-01T13:30:00");
    assertThat(id("day")).isEqualTo("2015-11-01-01-1");
    server.setTime("2015-11-01T14:30:00");
    assertThat(id("day")).isEqualTo("2015-11-01-01-5");
    server.setTime("2015-11-01T15:00:00");
    assertThat(id("day")).isEqualTo("2015-11-01-02-1");
    // 2016-03-13: 02:00 to 03:00 is left out
    server.setTime("2016-03-13T14:59:59");
    assertThat(id("day")).isEqualTo("2016-03-13-01-1");
    server.setTime("2016-03-13T15:00:00");
    assertThat(id("day")).isEqualTo("2016-03-13-03-1");
  }

  @Test
  void aReloadWithAZoneFurtherEastBeginsTheNextDayAtOnce() throws Exception {
    reload("America/New_York", "day", "04-01", "fiscal_year");
    server.setTime("2015-05-15T11:00:00");
    assertThat(id("day")).isEqualTo("2015-05-14-23-1");

    reload("Asia/Shanghai", "day", "04-01", "fiscal_year");

    assertThat(id("day")).isEqualTo("2015-05-15-11-1");
  }

  @Test
  void aReloadWithAZoneFurtherWestStaysInTheDayUntilItComesThereToo() throws Exception {
    server.setTime("2015-05-15T11:00:00");
    assertThat(id("day")).isEqualTo("2015-05-15-11-1");

    reload("America/New_York", "day", "04-01", "fiscal_year");

    assertThat(id("day")).isEqualTo("2015-05-15-00-5");
    server.setTime("2015-05-15T12:30:00");
    assertThat(id("day")).isEqualTo("2015-05-15-00-9");
    server.setTime("2015-05-16T12:30:00");
    assertThat(id("day")).isEqualTo("2015-05-16-00-1");
  }

  @Test
  void aReloadWithALaterFiscalYearGoesOnInItAndItDoesNotBeginAgain() throws Exception {
    reload("Asia/Shanghai", "day", "01-01", "fiscal_year");
    server.setTime("2015-11-23T12:00:00");
    assertThat(id("fiscal")).isEqualTo("2015-04-00-00-1");

    reload("Asia/Shanghai", "day", "04-01", "fiscal_year");
    assertThat(id("fiscal")).isEqualTo("2016-03-00-00-41");

    reload("Asia/Shanghai", "day", "01-01", "fiscal_year");
    // above what was reserved, however much that was
    int number = numberIn("2016-01-00-00-", id("fiscal"));
    assertThat(number).isGreaterThan(41);
    server.setTime("2016-01-01T00:00:00");
    assertThat(numberIn("2016-01-00-00-", id("fiscal"))).isEqualTo(number + 4);
    server.setTime("2017-01-01T00:00:00");
    assertThat(id("fiscal")).isEqualTo("2017-01-00-00-1");
  }

  private static int numberIn(String date, String id) {
    assertThat(id).startsWith(date);
    return Integer.parseInt(id.substring(date.length()));
  }

  @Test
  void aRestartAfterSuchAChangeGoesOnAsWell() throws Exception {
    server.setTime("2015-11-23T12:00:00");
    assertThat(id("fiscal")).isEqualTo("2016-03-00-00-1");
    rules("Asia/Shanghai", "day", "01-01", "fiscal_year");

    server = serve();
    server.setTime("2015-11-24T12:00:00");

    assertThat(id("fiscal")).isEqualTo("2016-01-00-00-41");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void noIdComesTwiceWhateverZoneAndFiscalYearAReloadBrings(long seed) throws Exception {
    Random random = new Random(seed);
    LocalDateTime time = LocalDateTime.of(2015, 5, 14, 12, 0);
    for (int change = 0; change < 8; change++) {
      reload(
          ZONES[random.nextInt(ZONES.length)],
          "day",
          STARTS[random.nextInt(STARTS.length)],
          "fiscal_year");
      if (random.nextInt(8) == 0) {
        server = serve();
        server.setTime(time.toString());
      }
      for (int step = 0; step < 6; step++) {
        int hours = random.nextInt(random.nextInt(4) == 0 ? 1500 : 30);
        time = time.plusHours(hours);
        server.setTime(time.plusSeconds(1).toString());
        for (int i = random.nextInt(15); i >= 0; i--) {
          id("day");
          id("fiscal");
        }
      }
    }
  }
}
