package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Ids of another business day than today, and of a rule's own calendar, as clients ask for them.
 */
class BusinessDayIT {
  private static final String RULE =
      """
      function time_zone() return "UTC" end
      function fiscal_year_start() return "04-01" end
      function min_counter() return 1 end
      function max_counter() return 999999 end
      function reset_period() return "%s" end
      %s
      function create_id(counter, now, salt)
        return string.format("%%04d-%%02d-%%02d/%%d/%%d", now:year(), now:month(), now:day(),
          now:fiscal_year(), counter:generate_counter())
      end
      """;

  private static final String ASK =
      "{\"action\":\"get\",\"rule_name\":\"%s\",\"app_name\":\"%s\",\"biz_date\":\"%s\"}";

  private static Server server;

  private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
  private final LocalDate yesterday = today.minusDays(1);

  @BeforeAll
  static void start() throws Exception {
    String open = "function biz_days() return 30 end";
    server =
        Installation.fresh("BusinessDayIT")
            .rule("never.lua", RULE.formatted("never", open))
            .rule("day.lua", RULE.formatted("day", open))
            .rule("plain.lua", RULE.formatted("never", ""))
            .server(
                1,
                Settings.of("data/1")
                    .rule("never", "never.lua", 100)
                    .rule("day", "day.lua", 100)
                    .rule("plain", "plain.lua", 100));
    server.start();
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private static String id(LocalDate day, int number) {
    int fiscalYear = day.getYear() + (day.getMonthValue() >= 4 ? 1 : 0);
    return day + "/" + fiscalYear + "/" + number;
  }

  @Test
  void overUdpAndHttpYesterdayHasItsDateAndTheNextNumber() throws Exception {
    String path = "/ids/never/days?biz_date=" + yesterday;
    try (UdpClient client = server.udp()) {
      assertThat(client.ask(ASK.formatted("never", "days", yesterday)).id())
          .isEqualTo(id(yesterday, 1));
      assertThat(server.rest().post(path).answer().id()).isEqualTo(id(yesterday, 2));
      assertThat(server.rest().ask(ASK.formatted("never", "days", yesterday)).answer().id())
          .isEqualTo(id(yesterday, 3));
      assertThat(client.id("never", "days")).endsWith("/4").doesNotStartWith(yesterday + "/");
    }
  }

  @Test
  void aRepetitionHasTheSameIdAndAnotherDayIsAnotherRequest() throws Exception {
    String path = "/ids/never/again?request_id=r-1&biz_date=";

    String first = server.rest().post(path + yesterday).body();

    assertThat(server.rest().post(path + yesterday).body()).isEqualTo(first);
    assertThat(server.rest().post(path + yesterday.minusDays(1)).answer().error())
        .isEqualTo("REQUEST_ID_REUSED");
  }

  @Test
  void aDayThatIsNotOpenIsRefusedByItsName() throws Exception {
    Rest.Reply ahead = server.rest().post("/ids/never/closed?biz_date=" + today.plusDays(2));

    assertThat(ahead.status()).isEqualTo(422);
    assertThat(ahead.answer().error()).isEqualTo("BIZ_DATE_CLOSED");
    try (UdpClient client = server.udp()) {
      for (String rule : new String[] {"day", "plain"}) {
        // over UDP an error is not longer than the request
        String spacious = ASK.formatted(rule, "closed", yesterday) + " ".repeat(200);
        Answer answer = client.ask(spacious);
        assertThat(answer.error()).isEqualTo("BIZ_DATE_CLOSED");
        assertThat(answer.code()).isEqualTo(422);
        assertThat(answer.text()).contains("rule " + rule + " numbers ");
      }
      assertThat(client.ask(ASK.formatted("never", "closed", "2026-02-30")).error())
          .isEqualTo("BAD_FIELD");
      assertThat(client.id("never", "closed")).endsWith("/1");
    }
  }
}
