package idserver.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.SteadyClock;
import idserver.rule.Collision.Kind;
import idserver.timeid.TimeIdFormat;
import idserver.timeid.TimeIdLayout;
import idserver.timeid.TimeIdSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which rules cannot be unique, what is said of them, and which are left in peace. */
class RuleLintTest {
  private static final String DATE =
      "string.format('%04d%02d%02d', now:year(), now:month(), now:day())";
  private static final String SEQ = "counter:generate_counter()";

  /** A rule under test, one server of so many. */
  private static final class Lint {
    private String min = "0";
    private String max = "9999";
    private String reset = "function reset_period() return 'never' end";
    private String before = "";
    private int servers = 1;
    private int server;
    private int year = 2026;
    private TimeIdLayout layout = TimeIdLayout.CLASSIC;
    private LocalDate epoch = LocalDate.of(2020, 1, 1);

    Lint range(String min, String max) {
      this.min = min;
      this.max = max;
      return this;
    }

    Lint each(String period) {
      this.reset = "function reset_period() return '" + period + "' end";
      return this;
    }

    Lint eachSeconds(long seconds) {
      this.reset = "function reset_seconds() return '" + seconds + "' end";
      return this;
    }

    /** What stands before the functions. */
    Lint with(String before) {
      this.before = before;
      return this;
    }

    Lint server(int server, int servers) {
      this.server = server;
      this.servers = servers;
      return this;
    }

    Lint in(int year) {
      this.year = year;
      return this;
    }

    Lint layout(TimeIdLayout layout) {
      this.layout = layout;
      return this;
    }

    Lint epoch(LocalDate epoch) {
      this.epoch = epoch;
      return this;
    }

    List<Collision> of(String createId) throws RuleException {
      String text =
          """
          %s
          function min_counter() return %s end
          function max_counter() return %s end
          %s
          function create_id(counter, now, salt)
            %s
          end
          """
              .formatted(before, min, max, reset, createId);
      return ofText(text);
    }

    List<Collision> ofText(String text) throws RuleException {
      long nowMs =
          LocalDate.of(year, 11, 22).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
      long epochMs = epoch.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
      RuleLoader loader =
          new RuleLoader(
              Path.of("rules"), servers, server, new SteadyClock(() -> nowMs, ZoneOffset.UTC));
      TimeIdSettings timeIds =
          TimeIdSettings.of(new TimeIdFormat(layout, epochMs, server, servers));
      return loader.lint(new RuleSource("o2o", "o2o.lua", 100, Optional.of(timeIds)), text);
    }
  }

  private static void assertFine(List<Collision> collisions) {
    assertThat(collisions.stream().map(Collision::message)).isEmpty();
  }

  private static void assertFound(List<Collision> collisions, Kind kind, String message) {
    assertThat(collisions).hasSize(1);
    assertThat(collisions.get(0).message()).isEqualTo(message);
    assertThat(collisions.get(0).kind()).isEqualTo(kind);
  }

  private static void assertKind(List<Collision> collisions, Kind kind) {
    assertThat(collisions).extracting(Collision::kind).containsExactly(kind);
    Collision collision = collisions.get(0);
    assertThat(collision.first().id()).isEqualTo(collision.second().id());
    assertThat(collision.message()).contains(collision.first().id());
  }

  @Nested
  class WhatIsServedToday {
    @Test
    void theRuleOfTheDocumentsIsFine() throws Exception {
      assertFine(
          new Lint()
              .server(0, 2)
              .ofText(
                  """
                  function min_counter()
                      return 0
                  end
                  function max_counter()
                      return 9999
                  end
                  function reset_seconds()
                      return 86400
                  end
                  function create_id(counter,now,salt)
                      local seq = counter:generate_counter()
                      local new_id = string.format("%01d%02d%02d%04d",now:year()%10 ,now:month(),now:day(),seq)
                      return new_id
                  end
                  """));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "order_id.lua",
          "task.lua",
          "invoice_luhn.lua",
          "invoice_fiscal.lua",
          "invoice_gap_free.lua",
          "ticket_strict.lua",
          "receipt.lua",
          "voucher.lua"
        })
    void theRulesThatComeWithTheServerAreFine(String file) throws Exception {
      String text = Files.readString(Path.of("rules", file));
      assertFine(
          new Lint()
              .server(1, 2)
              .ofText(text.replace("change me", "an example key, not to be used")));
    }

    @Test
    void everyRuleThatComesWithTheServerIsInThatList() throws IOException {
      try (var files = Files.list(Path.of("rules"))) {
        assertThat(files.map(file -> file.getFileName().toString()))
            .filteredOn(file -> file.endsWith(".lua"))
            .containsExactlyInAnyOrder(
                "order_id.lua",
                "task.lua",
                "invoice_luhn.lua",
                "invoice_fiscal.lua",
                "invoice_gap_free.lua",
                "ticket_strict.lua",
                "receipt.lua",
                "voucher.lua");
      }
    }
  }

  @Nested
  class TheCounter {
    @Test
    void anIdOfTheMomentAloneIsRefused() throws Exception {
      assertFound(
          new Lint().each("day").of("return " + DATE),
          Kind.NO_NUMBER,
          "create_id gives the same id twice: 20260101 for a request on 2026-01-01 and for another"
              + " one then. An id needs counter:generate_counter() or counter:generate_time_id():"
              + " the moment, random numbers and the script's own variables can be the same again.");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "return math.random(1000000) .. '-' .. math.random(1000000)",
          "math.randomseed(now:second()) return math.floor(math.random() * 1e9)",
          "n = (n or 0) + 1 return string.format('%06d', n)",
          "return salt .. now:year()",
          "return 'x'",
        })
    void anIdWithoutANumberOfTheServerIsRefused(String createId) throws Exception {
      assertKind(new Lint().of(createId), Kind.NO_NUMBER);
    }

    @Test
    void aCounterThatIsNotShownIsRefused() throws Exception {
      assertFound(
          new Lint().each("day").of("local seq = " + SEQ + " return " + DATE),
          Kind.COUNTER_NOT_SHOWN,
          "create_id gives the same id twice: 20260101 for counter 0 on 2026-01-01 and for counter 1"
              + " on 2026-01-01. The id has to show what counter:generate_counter() returns.");
    }

    @Test
    void aCounterForWhichTheScriptCountsItselfIsRefused() throws Exception {
      assertKind(new Lint().with("n = 0").of(SEQ + " n = n + 1 return n"), Kind.COUNTER_NOT_SHOWN);
    }

    @Test
    void aCounterCutToThreeDigitsIsRefused() throws Exception {
      assertFound(
          new Lint()
              .each("day")
              .of("return " + DATE + " .. string.format('%03d', " + SEQ + " % 1000)"),
          Kind.DIGITS_CUT,
          "create_id gives the same id twice: 20260101000 for counter 0 on 2026-01-01 and for counter"
              + " 1000 on 2026-01-01. The id has to show all digits of the counter, which goes up to"
              + " 9999: write it with %d.");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "9999|string.format('%04d', SEQ):sub(-3)",
          "9999|string.format('%04d', SEQ):sub(1, 3)",
          "9999|string.format('%04d', SEQ):gsub('^(%d)%d', '%1')",
          "9999|string.format('%03d', math.min(SEQ, 999))",
          "9999|math.floor(SEQ / 2)",
          "9999|string.format('%.2f', SEQ / 1000)",
          "9999|SEQ % 9973",
          "9999999|SEQ * 7 % 65521",
          "99999999|SEQ % 1048576",
          "99999999|string.format('%04x', SEQ % 65536)",
          "999999999999|SEQ % 2^32",
          "9999|tonumber((string.format('%04d', SEQ):reverse():gsub('0', '')))",
          "999999999999999|'A' .. SEQ",
          "'9223372036854775807'|string.format('%d', tonumber(SEQ))",
          "'9223372036854775807'|string.format('%19d', SEQ):sub(8)",
          "'9223372036854775807'|string.format('%019d', SEQ):sub(1, 18)",
        })
    void aCounterThatIsCutInAnyOtherWayIsRefused(String max, String id) throws Exception {
      String createId = "return (" + id.replace("SEQ", SEQ) + ")";

      assertKind(new Lint().range("0", max).of(createId), Kind.DIGITS_CUT);
      assertThat(new Lint().range("0", max).server(1, 3).of(createId)).isNotEmpty();
    }

    @Test
    void aCounterInLettersWithTooFewOfThemIsRefused() throws Exception {
      String letters =
          """
          local n, id = %s, ''
          for i = 1, 4 do
            id = string.char(65 + n %% 26) .. id
            n = math.floor(n / 26)
          end
          return id
          """
              .formatted(SEQ);

      assertFine(new Lint().range("0", "456975").of(letters));
      assertKind(new Lint().range("0", "456976").of(letters), Kind.DIGITS_CUT);
    }

    @Test
    void aCounterThatHidesTheServerIsRefused() throws Exception {
      assertFound(
          new Lint().server(0, 2).of("return math.floor(" + SEQ + " / 2)"),
          Kind.SERVER_NOT_SHOWN,
          "create_id gives the same id twice: 0 for counter 0 on 2026-01-01 and for counter 1 on"
              + " 2026-01-01. These numbers are of two of the 2 equal servers (id_step): the id has"
              + " to show the whole counter.");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void eachServerSeesThatTheServersAreNotToldApart(int server) throws Exception {
      assertKind(
          new Lint()
              .range("5", "9999")
              .server(server, 3)
              .of("return string.format('%04d', math.floor((" + SEQ + " - 5) / 3))"),
          Kind.SERVER_NOT_SHOWN);
    }

    @Test
    void numbersAreTriedOnlyWithinTheRange() throws Exception {
      assertFine(
          new Lint().range("0", "999").of("return string.format('%03d', " + SEQ + " % 1000)"));
      assertFine(new Lint().range("5000", "5999").of("return " + SEQ + " % 1000"));
      assertKind(new Lint().range("5000", "6000").of("return " + SEQ + " % 1000"), Kind.DIGITS_CUT);
    }

    @Test
    void twoNumbersAreEnoughForARange() throws Exception {
      assertFine(new Lint().range("0", "1").of("return " + SEQ));
      assertKind(
          new Lint().range("0", "1").of("return 'x' .. " + SEQ + " * 0"), Kind.COUNTER_NOT_SHOWN);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "9999|return SEQ",
          "9999|return string.format('%04d', SEQ):reverse()",
          "9999|return string.format('%x', SEQ)",
          "9999|return string.format('%02d', SEQ)",
          "999999|return string.format('%06d', (SEQ * 271829 + 314159) % 1000000)",
          "999999|return string.format('%06d', 999999 - SEQ)",
          "999999999999|return string.format('T%012d', SEQ)",
          "999999999999|return 'A' .. SEQ",
          "'9223372036854775807'|return SEQ",
          "'9223372036854775807'|return string.format('%d', SEQ)",
          "9999|return math.random(1000) .. '-' .. SEQ",
          "9999|return salt .. '-' .. SEQ",
          "9999|n = (n or 0) + 1 return SEQ .. '/' .. n % 7",
          "9999|local n = SEQ if n % 13 == 4 then error('unlucky') end return n",
          "9999|local n = SEQ assert(n < 500) return n % 500",
        })
    void aCounterThatIsShownIsFine(String max, String createId) throws Exception {
      assertFine(new Lint().range("0", max).of(createId.replace("SEQ", SEQ)));
      assertFine(new Lint().range("0", max).server(2, 3).of(createId.replace("SEQ", SEQ)));
    }

    @Test
    void aCheckDigitAfterTheCounterIsFine() throws Exception {
      assertFine(
          new Lint()
              .range("1", "999999999999")
              .of(
                  """
                  local digits = string.format('%012d', counter:generate_counter())
                  local sum = 0
                  for i = 1, #digits do
                    local d = digits:byte(-i) - 48
                    if i % 2 == 1 then
                      d = d * 2
                      if d > 9 then d = d - 9 end
                    end
                    sum = sum + d
                  end
                  return digits .. (10 - sum % 10) % 10
                  """));
    }

    @Test
    void aCheckDigitInThePlaceOfTheLastDigitIsRefused() throws Exception {
      assertKind(
          new Lint().of("local n = " + SEQ + " return math.floor(n / 10) .. (n * 7 + 3) % 5"),
          Kind.DIGITS_CUT);
    }
  }

  @Nested
  class TheFiscalYear {
    private static final String APRIL = "function fiscal_year_start() return '04-01' end ";

    private List<Collision> lint(String period, String shown) throws RuleException {
      return new Lint()
          .with(APRIL)
          .each(period)
          .of("return string.format('%s-%04d', " + shown + ", " + SEQ + ")");
    }

    @Test
    void aRuleThatShowsNoYearIsRefusedWithTwoExamples() throws Exception {
      assertFound(
          new Lint()
              .with(APRIL)
              .each("fiscal_year")
              .of("return string.format('%04d', " + SEQ + ")"),
          Kind.PERIOD_NOT_SHOWN,
          "create_id gives the same id twice: 0000 for counter 0 on 2026-01-01 and for counter 0 on"
              + " 2026-04-01. The counter starts again in between (period: fiscal_year): the id has"
              + " to show now:fiscal_year(), with two digits of the year or all four.");
    }

    @Test
    void aRuleThatShowsTheCalendarYearAloneIsRefused() throws Exception {
      assertKind(lint("fiscal_year", "now:year()"), Kind.PERIOD_NOT_SHOWN);
    }

    @Test
    void aQuarterWithoutItsNumberIsRefused() throws Exception {
      assertKind(lint("fiscal_quarter", "now:fiscal_year()"), Kind.PERIOD_NOT_SHOWN);
      assertThat(lint("fiscal_quarter", "now:fiscal_year()").get(0).advice())
          .contains("now:fiscal_year() and now:fiscal_quarter()");
      assertKind(lint("fiscal_quarter", "now:fiscal_quarter()"), Kind.PERIOD_NOT_SHOWN);
    }

    @Test
    void aRuleThatShowsItsFiscalYearOrQuarterIsFine() throws Exception {
      assertFine(lint("fiscal_year", "now:fiscal_year()"));
      assertFine(lint("fiscal_year", "string.format('%02d', now:fiscal_year() % 100)"));
      assertFine(lint("fiscal_year", "string.format('%04d%02d', now:year(), now:month())"));
      assertFine(lint("fiscal_quarter", "now:fiscal_year() .. now:fiscal_quarter()"));
    }

    @Test
    void aYearThatBeginsInTheMiddleOfAMonthNeedsMoreThanTheMonth() throws Exception {
      String tax = "function fiscal_year_start() return '04-06' end ";
      String months = "return string.format('%04d%02d%04d', now:year(), now:month(), " + SEQ + ")";

      assertKind(new Lint().with(tax).each("fiscal_year").of(months), Kind.PERIOD_NOT_SHOWN);
    }
  }

  @Nested
  class ThePeriod {
    @Test
    void aDailyCounterWithoutTheDayIsRefused() throws Exception {
      assertFound(
          new Lint().eachSeconds(86_400).of("return string.format('%04d', " + SEQ + ")"),
          Kind.PERIOD_NOT_SHOWN,
          "create_id gives the same id twice: 0000 for counter 0 on 2026-01-01 and for counter 0 on"
              + " 2026-01-02. The counter starts again in between (period: 86400 s), and the id does"
              + " not show the day.");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "hour|%04d%02d%02d-%04d|now:year(), now:month(), now:day()|hour",
          "hour|%02d-%04d|now:hour()|day",
          "hour|%04d%02d%02d-%04d|now:year(), now:month(), now:hour()|day",
          "day|%02d%02d-%04d|now:month(), now:day()|year",
          "day|%04d%02d-%04d|now:year(), now:month()|day",
          "day|%04d%02d-%04d|now:year(), now:day()|month",
          "day|%d%02d%02d-%04d|now:year() % 4, now:month(), now:day()|year",
          "week|%04d%02d-%04d|now:year(), now:month()|day",
          "month|%02d-%04d|now:month()|year",
          "month|%04d-%04d|now:year()|month",
          "quarter|%04d-%04d|now:year()|month",
          "quarter|%d-%04d|math.ceil(now:month() / 3)|year",
          "year|%02d-%04d|now:month()|year",
          "year|%d-%04d|math.floor(now:year() / 10)|year",
        })
    void theMissingPartIsTold(String period, String format, String shown, String missing)
        throws Exception {
      List<Collision> found =
          new Lint()
              .each(period)
              .of("return string.format('" + format + "', " + shown + ", " + SEQ + ")");

      assertKind(found, Kind.PERIOD_NOT_SHOWN);
      assertThat(found.get(0).advice())
          .isEqualTo(
              "The counter starts again in between (period: "
                  + period
                  + "), and the id does not show the "
                  + missing
                  + ".");
      assertThat(found.get(0).first().counters()).isEqualTo(found.get(0).second().counters());
      assertThat(found.get(0).first().period()).isNotEqualTo(found.get(0).second().period());
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "1|now:hour(), now:minute()",
          "60|now:hour(), now:second()",
          // half past one is in another period than one o'clock
          "5400|now:hour()",
          "100000|now:hour() * 0",
          // these weeks begin on Thursdays
          "604800|math.floor((now:day() + 3) / 7)",
        })
    void periodsOfSecondsThatAreNotShownAreRefused(long seconds, String shown) throws Exception {
      String createId = "return table.concat({DATE, SHOWN, SEQ}, '-')";

      assertKind(
          new Lint()
              .eachSeconds(seconds)
              .of(
                  createId
                      .replace("DATE", seconds < 604_800 ? DATE : "now:year(), now:month()")
                      .replace("SHOWN", shown)
                      .replace("SEQ", SEQ)),
          Kind.PERIOD_NOT_SHOWN);
    }

    @Test
    void weeksOfAYearThatAreCountedFromItsFirstDayAreRefused() throws Exception {
      assertKind(
          new Lint()
              .each("week")
              .with("before = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334}")
              .of(
                  """
                  local day = before[now:month()] + now:day()
                  return string.format("%04dW%02d%04d", now:year(), math.ceil(day / 7),
                    counter:generate_counter())
                  """),
          Kind.PERIOD_NOT_SHOWN);
    }

    @Test
    void aDayOfTheYearThatForgetsLeapYearsIsRefused() throws Exception {
      String dayOfTheYear =
          """
          local day = before[now:month()] + now:day()
          if now:month() > 2 and leap(now:year()) then day = day + 1 end
          return string.format("%04d%03d%04d", now:year(), day, counter:generate_counter())
          """;
      String before = "before = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334} ";

      List<Collision> found =
          new Lint()
              .each("day")
              .with(before + "function leap(y) return false end")
              .of(dayOfTheYear);
      assertKind(found, Kind.PERIOD_NOT_SHOWN);
      assertThat(found.get(0).first().at()).isEqualTo("2028-02-29T00:00:00");
      assertThat(found.get(0).second().at()).isEqualTo("2028-03-01T00:00:00");
      assertFine(
          new Lint()
              .each("day")
              .with(before + "function leap(y) return y % 4 == 0 end")
              .of(dayOfTheYear));
    }

    @Test
    void aDateOfAnotherZoneThanThePeriodsIsRefused() throws Exception {
      List<Collision> found =
          new Lint()
              .each("day")
              .of(
                  """
                  local day = now:day()
                  if now:hour() < 8 then day = day - 1 end
                  return string.format("%04d%02d%02d%04d", now:year(), now:month(), day,
                    counter:generate_counter())
                  """);

      assertFound(
          found,
          Kind.PERIOD_NOT_SHOWN,
          "create_id gives the same id twice: 202601010000 for counter 0 on 2026-01-01 08:00:00 and"
              + " for counter 0 on 2026-01-02. The counter starts again in between (period: day),"
              + " and the id does not tell these moments apart: show day and hour,"
              + " each with a fixed width.");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "hour|%02d%02d%02d%02d%04d|now:year() % 100, now:month(), now:day(), now:hour()",
          "day|%02d%02d%02d%04d|now:year() % 100, now:month(), now:day()",
          "day|%d%02d%02d%04d|now:year() % 10, now:month(), now:day()",
          "day|%d-%d-%d-%d|now:year(), now:month(), now:day()",
          "day|%03d%02d%04d|(now:year() % 10) * 12 + now:month(), now:day()",
          "day|%05d%04d|(now:year() % 100) * 372 + now:month() * 31 + now:day()",
          "week|%02d%02d%02d%04d|now:year() % 100, now:month(), now:day()",
          "month|%d%x%04d|now:year() % 10, now:month()",
          "month|%04d%02d%02d%04d|now:year(), now:month(), now:second()",
          "quarter|%d%d%04d|now:year() % 10, math.ceil(now:month() / 3)",
          "year|%d%04d|now:year() % 10",
          "never|%02d%04d|now:second()",
        })
    void aPeriodThatIsShownIsFine(String period, String format, String shown) throws Exception {
      assertFine(
          new Lint()
              .each(period)
              .of("return string.format('" + format + "', " + shown + ", " + SEQ + ")"));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MAX_VALUE})
    void aCounterThatNeverStartsAgainNeedsNoDate(long seconds) throws Exception {
      assertFine(new Lint().eachSeconds(seconds).of("return " + SEQ));
    }

    @ParameterizedTest
    @ValueSource(ints = {2024, 2025, 2026, 2027, 2028, 2099, 2100})
    void theLastDigitOfTheYearIsEnoughInEveryYear(int year) throws Exception {
      assertFine(
          new Lint()
              .in(year)
              .each("day")
              .of(
                  "return string.format('%01d%02d%02d%04d', now:year() % 10, now:month(), now:day(), "
                      + SEQ
                      + ")"));
    }

    @Test
    void lettersForTheYearsAreFineUntilTheyRunOut() throws Exception {
      String letters = "return ('ABCDEFGHJK'):sub(now:year() - 2020, now:year() - 2020) .. " + SEQ;

      assertFine(new Lint().in(2026).each("year").of(letters));
      assertFine(new Lint().in(2030).each("year").of(letters));
      assertKind(new Lint().in(2031).each("year").of(letters), Kind.PERIOD_NOT_SHOWN);
    }

    @Test
    void aTableOfYearsThatEndsIsFine() throws Exception {
      assertFine(
          new Lint()
              .each("year")
              .with("years = {[2026] = 'A', [2027] = 'B'}")
              .of("return years[now:year()] .. " + SEQ));
    }

    @Test
    void bothFaultsOfARuleAreTold() throws Exception {
      assertThat(new Lint().each("day").of("return now:month() .. '-' .. " + SEQ + " % 1000"))
          .extracting(Collision::kind)
          .containsExactly(Kind.PERIOD_NOT_SHOWN, Kind.DIGITS_CUT);
    }
  }

  @Nested
  class ThePartsOfAnId {
    @Test
    void aDayThatRunsIntoTheCounterIsRefused() throws Exception {
      assertFound(
          new Lint()
              .range("1", "9999")
              .each("month")
              .of(
                  "return string.format('%04d%02d', now:year(), now:month()) .. now:day() .. "
                      + SEQ),
          Kind.PARTS_RUN_TOGETHER,
          "create_id gives the same id twice: 202601111 for counter 11 on 2026-01-01 and for counter"
              + " 1 on 2026-01-11. Its parts run together: give each a fixed width, as %02d and %04d"
              + " do, or put a character between them.");
    }

    @Test
    void aMonthThatRunsIntoTheDayIsRefused() throws Exception {
      assertFound(
          new Lint()
              .range("1", "9999")
              .each("day")
              .of(
                  "return now:year() .. now:month() .. now:day() .. string.format('%04d', "
                      + SEQ
                      + ")"),
          Kind.PERIOD_NOT_SHOWN,
          "create_id gives the same id twice: 20261110001 for counter 1 on 2026-01-11 and for counter"
              + " 1 on 2026-11-01. The counter starts again in between (period: day), and the id does"
              + " not tell these moments apart: show month and day, each with a fixed width.");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "never|1|9999|now:month() .. SEQ",
          "never|1|9999|SEQ .. now:month()",
          "never|1|999999999999|SEQ .. now:hour()",
          "year|1|9999|now:year() .. SEQ .. now:month()",
          "year|1000|99999|now:year() .. now:month() .. SEQ",
          "month|0|99999|DATE:sub(1, 6) .. now:day() .. string.format('%04d', SEQ)",
          "day|1|9999|DATE .. now:hour() .. SEQ",
          "day|1|9999|DATE .. now:hour() .. now:minute() .. SEQ",
          "day|1|9999|DATE .. SEQ .. now:second()",
          "never|0|999|now:month() .. string.format('%03d', SEQ) .. now:day()",
          "day|0|9999|DATE .. now:hour() * 1000 + SEQ",
          "month|0|9999|DATE:sub(1, 6) .. now:day() * 500 + SEQ",
          "never|0|999999|now:minute() * 3600 + SEQ",
          "never|0|999999|(now:hour() + SEQ)",
        })
    void partsThatCannotBeToldApartAreRefused(String period, String min, String max, String id)
        throws Exception {
      assertKind(
          new Lint()
              .range(min, max)
              .each(period)
              .of("return " + id.replace("DATE", DATE).replace("SEQ", SEQ)),
          Kind.PARTS_RUN_TOGETHER);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "month|DATE .. SEQ",
          "never|now:month() .. '-' .. SEQ",
          "never|string.format('%02d%d', now:month(), SEQ)",
          "never|string.format('%d%04d', now:month(), SEQ)",
          "never|string.format('%04d%d', SEQ, now:hour())",
          "day|now:year() .. '/' .. now:month() .. '/' .. now:day() .. '/' .. SEQ",
          "month|DATE:sub(1, 6) .. now:day() * 10000 + SEQ",
          "never|now:minute() * 10000 + SEQ",
        })
    void partsThatCanBeToldApartAreFine(String period, String id) throws Exception {
      assertFine(
          new Lint().each(period).of("return " + id.replace("DATE", DATE).replace("SEQ", SEQ)));
    }
  }

  @Nested
  class SeveralNumbers {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "return SEQ .. '-' .. SEQ",
          "return string.format('%04d%04d', SEQ, SEQ)",
          "SEQ return SEQ",
          "local first = SEQ SEQ return first",
          "return math.max(SEQ, SEQ, SEQ)",
          // the numbers with a 4 are left out
          "local n repeat n = SEQ .. '' until not n:find('4') return n",
        })
    void oneOfThemIsEnough(String createId) throws Exception {
      assertFine(new Lint().of(createId.replace("SEQ", SEQ)));
      assertFine(new Lint().server(1, 2).of(createId.replace("SEQ", SEQ)));
    }

    @Test
    void aSumOfThemIsRefused() throws Exception {
      assertFound(
          new Lint().of("return " + SEQ + " + " + SEQ),
          Kind.PARTS_RUN_TOGETHER,
          "create_id gives the same id twice: 3 for counters 0, 3 on 2026-01-01 and for counters 1, 2"
              + " on 2026-01-01. Its parts run together: give each a fixed width, as %02d and %04d"
              + " do, or put a character between them.");
    }

    @Test
    void theyMustNotRunTogether() throws Exception {
      assertKind(new Lint().of("return " + SEQ + " .. " + SEQ), Kind.PARTS_RUN_TOGETHER);
    }

    @Test
    void aRangeThatHoldsNoTwoOfThemIsLeftInPeace() throws Exception {
      assertFine(new Lint().range("0", "2").of("return " + SEQ + " + " + SEQ));
    }
  }

  @Nested
  class NumbersMadeOver {
    private static final String KEY = "'an example key, not to be used'";

    private static Lint upTo(String max) {
      return new Lint().range("0", max);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "99999999|check.luhn(string.format('%08d', SEQ))",
          "99999999|check.luhn(SEQ)",
          "99999999|check.verhoeff(string.format('%08d', SEQ))",
          "999999999999|check.ean(string.format('%012d', SEQ))",
          "99999999|'RF' .. check.mod97(string.format('%08dRF', SEQ))",
          "99999999|check.mod11_10(string.format('%08d', SEQ))",
          "99999999|check.mod37_36('AB' .. string.format('%08X', SEQ))",
          "9999|permute(SEQ, 10000, KEY)",
          "999999|string.format('%06d', permute(SEQ, 1000000, KEY))",
          "'9007199254740991'|string.format('%d', permute(SEQ, 2^53, KEY))",
          "999999|check.luhn(string.format('%06d', permute(SEQ, 1000000, KEY)))",
          "999999|check.luhn(string.format('%09d', permute(SEQ, 999999937, KEY)))",
        })
    void areAsUniqueAsTheyWere(String max, String id) throws Exception {
      String createId = "return " + id.replace("SEQ", SEQ).replace("KEY", KEY);
      assertFine(upTo(max).of(createId));
      assertFine(upTo(max).server(1, 3).of(createId));
      assertFine(upTo(max).each("day").of(createId.replace("return", "return " + DATE + " .. ")));
    }

    @Test
    void areAsFewAsTheyWere() throws Exception {
      assertFound(
          upTo("99999").of("return check.luhn(string.format('%04d', " + SEQ + " % 10000))"),
          Kind.DIGITS_CUT,
          "create_id gives the same id twice: 00000 for counter 0 on 2026-01-01 and for counter 10000"
              + " on 2026-01-01. The id has to show all digits of the counter, which goes up to"
              + " 99999: write it with %d.");
      assertFound(
          upTo("1999999").of("return permute(" + SEQ + " % 1000000, 1000000, " + KEY + ")"),
          Kind.DIGITS_CUT,
          "create_id gives the same id twice: 310658 for counter 0 on 2026-01-01 and for counter"
              + " 1000000 on 2026-01-01. The id has to show all digits of the counter, which goes up"
              + " to 1999999: write it with %d.");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "check.luhn(string.format('%08d', SEQ)):sub(3)",
          "check.luhn(string.format('%08d', SEQ)):sub(4)",
          "check.verhoeff(string.format('%08d', SEQ)):sub(3)",
          "check.verhoeff(string.format('%08d', SEQ)):sub(6)",
          "check.mod11_10(string.format('%08d', SEQ)):sub(4)",
          "check.mod11_10(string.format('%08d', SEQ)):sub(3)",
          "check.luhn(string.format('%04d', math.floor(SEQ / 10)))",
          "check.mod97(string.format('%08d', SEQ)):sub(-2)",
          "permute(SEQ, 100000000, KEY) % 1000000",
          "string.format('%08d', permute(SEQ, 100000000, KEY)):sub(3)",
          "math.floor(permute(SEQ, 100000000, KEY) / 1000)",
        })
    void mustNotBeCutAfterwards(String id) throws Exception {
      assertKind(
          upTo("99999999").of("return " + id.replace("SEQ", SEQ).replace("KEY", KEY)),
          Kind.DIGITS_CUT);
    }

    @Test
    void stillNeedThePeriod() throws Exception {
      assertKind(
          upTo("9999").each("day").of("return check.luhn(string.format('%04d', " + SEQ + "))"),
          Kind.PERIOD_NOT_SHOWN);
      assertKind(
          upTo("9999").each("day").of("return permute(" + SEQ + ", 10000, " + KEY + ")"),
          Kind.PERIOD_NOT_SHOWN);
      assertKind(
          upTo("9999")
              .each("day")
              .of("return permute(" + SEQ + ", 10000, " + KEY + " .. " + DATE + ")"),
          Kind.PERIOD_NOT_SHOWN);
    }
  }

  @Nested
  class TimeIds {
    private static final String TIME_ID = "counter:generate_time_id()";

    @ParameterizedTest
    @EnumSource(TimeIdLayout.class)
    void aTimeIdIsEnough(TimeIdLayout layout) throws Exception {
      for (int server = 0; server < 3; server++) {
        Lint lint = new Lint().each("day").server(server, 3).layout(layout);
        assertFine(lint.of("return 'EV-' .. string.format('%d', " + TIME_ID + ")"));
        assertFine(lint.of("return " + TIME_ID));
        assertFine(lint.of("return " + SEQ + " .. '-' .. " + TIME_ID));
        assertFine(lint.of("return " + DATE + " .. " + SEQ + " .. '-' .. " + TIME_ID + " % 10"));
      }
    }

    @ParameterizedTest
    @EnumSource(TimeIdLayout.class)
    void aTimeIdWhoseEpochIsYoungIsEnough(TimeIdLayout layout) throws Exception {
      assertFine(
          new Lint()
              .epoch(LocalDate.of(2026, 11, 21))
              .layout(layout)
              .of("return 'T' .. " + TIME_ID));
    }

    @Test
    void whenTimeRunsOutThereIsNothingToCompare() throws Exception {
      assertFine(
          new Lint().epoch(LocalDate.of(1970, 1, 1)).in(2050).of("return 'T' .. " + TIME_ID));
    }

    @ParameterizedTest
    @EnumSource(TimeIdLayout.class)
    void aTimeIdCutAtTheFrontIsRefused(TimeIdLayout layout) throws Exception {
      assertKind(
          new Lint().layout(layout).of("return string.sub(" + TIME_ID + ", -8)"), Kind.TIME_ID_CUT);
      assertKind(
          new Lint().layout(layout).of("return string.sub(" + TIME_ID + ", -11)"),
          Kind.TIME_ID_CUT);
    }

    @Test
    void aSerialThatIsCutOffIsRefused() throws Exception {
      assertKind(
          new Lint()
              .layout(TimeIdLayout.SPILL)
              .of("return string.format('%d', " + TIME_ID + "):sub(-12)"),
          Kind.TIME_ID_CUT);
    }

    @ParameterizedTest
    @EnumSource(TimeIdLayout.class)
    void aTimeIdCutAtTheEndIsRefused(TimeIdLayout layout) throws Exception {
      assertKind(
          new Lint()
              .layout(layout)
              .of("return (string.format('%d', " + TIME_ID + "):gsub('%d$', ''))"),
          Kind.TIME_ID_CUT);
    }

    @Test
    void aTimeIdThatWasANumberInBetweenIsRefused() throws Exception {
      assertFound(
          new Lint().of("return string.format('%d', tonumber(" + TIME_ID + "))"),
          Kind.TIME_ID_CUT,
          "create_id gives the same id twice: 794354201395200000 for time id 794354201395200000 on"
              + " 2026-01-01 and for time id 794354201395200001 on 2026-01-01. The id has to show the"
              + " whole time id: write it with %d.");
    }

    @Test
    void aTimeIdThatIsNotShownIsRefused() throws Exception {
      assertKind(new Lint().of(TIME_ID + " return 'x'"), Kind.TIME_ID_CUT);
    }

    @Test
    void aTimeIdAndACounterThatAreBothCutAreRefused() throws Exception {
      assertThat(
              new Lint().of("return " + SEQ + " % 100 .. '-' .. string.sub(" + TIME_ID + ", 1, 3)"))
          .extracting(Collision::kind)
          .containsExactly(Kind.DIGITS_CUT, Kind.TIME_ID_CUT);
    }
  }

  @Nested
  class WhatAnIdIsNotUniqueBy {
    @Test
    void bySalt() throws Exception {
      assertFound(
          new Lint().of("if salt ~= '' then return 'S' .. salt end return " + SEQ),
          Kind.NO_NUMBER,
          "create_id gives the same id twice: S1 for a request on 2026-01-01 (salt 1) and for another"
              + " one then. An id needs counter:generate_counter() or"
              + " counter:generate_time_id(): the moment, random numbers and the script's own"
              + " variables can be the same again.");
    }

    @Test
    void aSaltThatIsNeededIsGiven() throws Exception {
      assertFine(new Lint().of("return tonumber(salt) + 0 .. '-' .. " + SEQ));
      assertKind(
          new Lint().of("return tonumber(salt) + 0 .. '-' .. " + SEQ + " % 100"), Kind.DIGITS_CUT);
    }

    @Test
    void byChance() throws Exception {
      assertKind(
          new Lint().of("return math.random(1000000) .. '-' .. " + SEQ + " % 100"),
          Kind.DIGITS_CUT);
      assertKind(
          new Lint()
              .with("prefix = math.random(1000000)")
              .of("return prefix .. '-' .. now:second()"),
          Kind.NO_NUMBER);
    }

    @Test
    void byThePlaceOfAServerWhereTheNumberDoesNotTellIt() throws Exception {
      assertKind(
          new Lint().server(0, 2).of("return 'A' .. (" + SEQ + " - " + SEQ + " % 2)"),
          Kind.SERVER_NOT_SHOWN);
    }
  }

  @Nested
  class ItsBounds {
    @Test
    void findsTheSameEachTime() throws Exception {
      String createId = "return math.random(100) .. '-' .. " + SEQ + " % 4321";
      List<Collision> found = new Lint().of(createId);

      assertThat(found).hasSize(1);
      for (int i = 0; i < 3; i++) {
        assertThat(new Lint().of(createId)).isEqualTo(found);
      }
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "while true do end",
          "error('never')",
          "return ('x'):rep(300)",
          "return nil",
          "while true do counter:generate_counter() end",
          "local s = '' for i = 1, 101 do s = s .. counter:generate_counter() end return s",
        })
    void aRuleThatMakesNoIdsHasNoneTwice(String createId) throws Exception {
      assertFine(new Lint().of(createId));
    }

    @Test
    void aRuleThatFailsNowAndThenIsTriedWithTheOthers() throws Exception {
      assertKind(
          new Lint()
              .of("local n = " + SEQ + " if n % 2 == 0 then error('even') end return n % 999"),
          Kind.DIGITS_CUT);
    }

    @Test
    void aSlowRuleIsTriedWithWhatTellsMost() throws Exception {
      String slow = "local x = 0 for i = 1, 5000 do x = (x * 31 + i) % 97 end local n = " + SEQ;

      assertFine(new Lint().each("day").of(slow + " return " + DATE + " .. n .. '-' .. x"));
      assertThat(new Lint().each("day").of(slow + " return now:day() .. '-' .. n % 100 .. x"))
          .extracting(Collision::kind)
          .containsExactly(Kind.PERIOD_NOT_SHOWN, Kind.DIGITS_CUT);
    }

    @Test
    void aTextThatIsNoRuleIsAFaultAndNoCollision() {
      assertThatThrownBy(() -> new Lint().ofText("function create_id( return 1 end"))
          .isInstanceOf(RuleException.class)
          .hasMessageStartingWith("o2o.lua:1: ");
    }
  }
}
