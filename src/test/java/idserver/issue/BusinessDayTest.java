package idserver.issue;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.CounterKey;
import idserver.reserve.InMemoryBlockStore;
import idserver.reserve.InMemoryBlockStore.Outcome;
import idserver.rule.RuleFaults;
import idserver.rule.RuleSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ids of another business day than today: from the ordinary counter, with that day's date. */
class BusinessDayTest {
  private static final String DATED =
      "string.format('%04d%02d%02d%02d-%d', now:year(), now:month(), now:day(), now:hour(),"
          + " counter:generate_counter())";

  @TempDir Path directory;

  private final List<RuleSource> rules = new ArrayList<>();
  private TestServer server;

  @BeforeEach
  void serve() throws Exception {
    write("month", "month", "function biz_days() return 30 end");
    write("never", "never", "function biz_days() return 400 end");
    write("day", "day", "function biz_days() return 7 end");
    write("today", "month", "function biz_days() return 0 end");
    write("plain", "month", "");
    write(
        "newyork",
        "month",
        "function biz_days() return 2 end function time_zone() return 'America/New_York' end");
    start();
  }

  private void write(String name, String period, String more) throws IOException {
    Files.writeString(
        directory.resolve(name + ".lua"),
        """
        function min_counter() return 0 end
        function max_counter() return 9999 end
        function reset_period() return "%s" end
        %s
        function create_id(counter, now, salt) return %s end
        """
            .formatted(period, more, DATED));
    rules.add(new RuleSource(name, name + ".lua", 10));
  }

  private void start() throws RuleFaults {
    server =
        new TestServer(
            directory,
            new InMemoryBlockStore(
                new InMemoryBlockStore.Storage(), TestServer.OFFSET, () -> Outcome.WORKS),
            writer -> {},
            rules);
    server.setTime("2015-05-14T15:00:00");
  }

  private Answer ask(String rule, String day, int count) {
    Answer answer = new Answer();
    IdRequest request =
        new IdRequest(new CounterKey(rule, "test"), "", count, TestServer.PATIENCE_NANOS);
    server.issuer.issue(new DatedRequest(LocalDate.parse(day), "", request), answer);
    server.write();
    return answer;
  }

  private String today(String rule) {
    Answer answer = server.issue(rule, "test", 1);
    server.write();
    return answer.ids().get(0);
  }

  @Test
  void yesterdayInThePresentPeriodHasYesterdaysDateAndTheNextNumber() {
    assertThat(today("month")).isEqualTo("2015051415-1");

    assertThat(ask("month", "2015-05-13", 2).ids()).containsExactly("2015051312-5", "2015051312-9");

    assertThat(today("month")).isEqualTo("2015051415-13");
  }

  @Test
  void todayHasThePresentMoment() {
    assertThat(ask("month", "2015-05-14", 1).ids()).containsExactly("2015051415-1");
    assertThat(ask("today", "2015-05-14", 1).ids()).containsExactly("2015051415-1");
    assertThat(ask("day", "2015-05-14", 1).ids()).containsExactly("2015051415-1");
  }

  @Test
  void aCounterThatNeverStartsAgainTakesEachOpenDay() {
    assertThat(ask("never", "2015-05-13", 1).ids()).containsExactly("2015051312-1");
    assertThat(ask("never", "2014-04-10", 1).ids()).containsExactly("2014041012-5");
    assertThat(ask("never", "2014-04-08", 1).kinds()).containsExactly(RefusalKind.BIZ_DATE_CLOSED);
  }

  @ParameterizedTest
  @CsvSource({
    // ahead, too far back, of another period
    "month, 2015-05-15",
    "today, 2015-05-13",
    "never, 2013-01-01",
    "month, 2015-04-30",
    "day, 2015-05-13",
  })
  void aDayThatIsNotOpenIsRefusedAndCostsNoNumber(String rule, String day) {
    assertThat(today(rule)).endsWith("-1");

    Answer answer = ask(rule, day, 1);

    assertThat(answer.kinds()).containsExactly(RefusalKind.BIZ_DATE_CLOSED);
    assertThat(answer.refused.get(0).message())
        .startsWith("biz_date " + day + ": rule " + rule + " numbers today and ")
        .contains("within the present period (");
    assertThat(today(rule)).endsWith("-5");
  }

  @Test
  void aRuleWithoutBusinessDaysTakesNoneNotEvenToday() {
    Answer answer = ask("plain", "2015-05-14", 1);

    assertThat(answer.kinds()).containsExactly(RefusalKind.BIZ_DATE_CLOSED);
    assertThat(answer.refused.get(0).message())
        .isEqualTo("biz_date: rule plain numbers the present day alone; it has no biz_days()");
    assertThat(today("plain")).isEqualTo("2015051415-1");
    assertThat(server.counters.size()).isOne();
  }

  @Test
  void theOpenDaysAreThoseOfTheRulesZone() {
    // 03:00 on the 14th in New York
    assertThat(ask("newyork", "2015-05-13", 1).ids()).containsExactly("2015051312-1");
    assertThat(ask("newyork", "2015-05-14", 1).ids()).containsExactly("2015051403-5");
    server.setTime("2015-05-16T11:00:00");
    assertThat(ask("newyork", "2015-05-16", 1).kinds())
        .containsExactly(RefusalKind.BIZ_DATE_CLOSED);
    assertThat(ask("newyork", "2015-05-13", 1).ids()).containsExactly("2015051312-9");
  }

  @Test
  void aRequestThatWaitsOverTheTurnOfThePeriodIsRefused() {
    server.setTime("2015-05-31T23:59:59");
    Answer parked = new Answer();
    IdRequest request =
        new IdRequest(new CounterKey("month", "test"), "", 1, TestServer.PATIENCE_NANOS);
    server.issuer.issue(new DatedRequest(LocalDate.parse("2015-05-30"), "", request), parked);
    assertThat(parked.times()).isZero();

    server.setTime("2015-06-01T00:00:00");
    server.write();

    assertThat(parked.kinds()).containsExactly(RefusalKind.BIZ_DATE_CLOSED);
    assertThat(today("month")).isEqualTo("2015060100-1");
  }

  @Test
  void aRepetitionIsOfTheSameDay() {
    IdRequest request =
        new IdRequest(new CounterKey("month", "test"), "", 1, TestServer.PATIENCE_NANOS);
    Answer first = new Answer();
    server.issuer.issue(new DatedRequest(LocalDate.parse("2015-05-13"), "r", request), first);
    server.write();
    Answer again = new Answer();
    server.issuer.issue(new DatedRequest(LocalDate.parse("2015-05-13"), "r", request), again);
    Answer other = new Answer();
    server.issuer.issue(new DatedRequest(LocalDate.parse("2015-05-12"), "r", request), other);

    assertThat(first.ids()).containsExactly("2015051312-1");
    assertThat(again.ids()).isEqualTo(first.ids());
    assertThat(other.kinds()).containsExactly(RefusalKind.REQUEST_ID_REUSED);
  }

  @Test
  void anOrdinaryRequestAfterADatedOneHasThePresentMoment() {
    Desk desk = server.issuer.desk();
    assertThat(today("month")).isEqualTo("2015051415-1");
    Answer dated = new Answer();
    IdRequest request =
        new IdRequest(new CounterKey("month", "test"), "", 1, TestServer.PATIENCE_NANOS);
    Answer plain = new Answer();

    desk.issue(new DatedRequest(LocalDate.parse("2015-05-13"), "", request), dated);
    desk.issue(request.key(), "", 1, TestServer.PATIENCE_NANOS, plain);

    assertThat(dated.ids()).containsExactly("2015051312-5");
    assertThat(plain.ids()).containsExactly("2015051415-9");
  }
}
