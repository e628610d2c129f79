package idserver.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import idserver.counter.SteadyClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused when a rule is loaded, and with which words. */
class RuleLoaderTest {
  private static final String GOOD =
      """
      function min_counter() return 0 end
      function max_counter() return 9999 end
      function reset_seconds() return 0 end
      function create_id(counter, now, salt)
        return string.format("A%04d", counter:generate_counter())
      end
      """;

  @TempDir Path directory;

  private RuleLoader loader;

  @BeforeEach
  void makeLoader() {
    loader = new RuleLoader(directory, 2, 1, new SteadyClock(() -> 0, ZoneOffset.UTC));
  }

  private Rule load(String text) throws IOException, RuleException {
    Files.writeString(directory.resolve("o2o.lua"), text);
    return loader.load(new RuleSource("o2o", "o2o.lua", 10));
  }

  private String refusal(String text) {
    RuleException e = catchThrowableOfType(RuleException.class, () -> load(text));
    assertThat(e).as("is refused: %s", text).isNotNull();
    assertThat(e.getMessage()).doesNotContain("\n", "Exception", "org.luaj");
    return e.getMessage();
  }

  /** The good rule with another body, which stands on line 5. */
  private static String creating(String body) {
    return GOOD.replace("  return string.format(\"A%04d\", counter:generate_counter())", body);
  }

  @Test
  void aGoodRuleIsTaken() throws Exception {
    Rule rule = load(GOOD);

    assertThat(rule.file()).isEqualTo("o2o.lua");
    assertThat(rule.numbering().range().first()).isEqualTo(1);
    assertThat(rule.idLength()).isEqualTo(5);
  }

  @Test
  void aRuleThatPermutesLessThanItsCounterIsRefused() {
    assertThat(
            refusal(
                creating(
                    "  return permute(counter:generate_counter(), 1000, 'sixteen or more letters')")))
        .isEqualTo("o2o.lua:5: permute: number must be 0 to 999, as size is 1000: 9999");
  }

  @Test
  void aRuleThatCannotBeUniqueIsRefusedWithTwoExamples() {
    assertThat(
            refusal(
                GOOD.replace("return 9999", "return 19999")
                    .replace("generate_counter()", "generate_counter() % 10000")))
        .isEqualTo(
            "o2o.lua: create_id gives the same id twice: A0001 for counter 1 on 1970-01-01 and for"
                + " counter 10001 on 1970-01-01. The id has to show all digits of the counter, which"
                + " goes up to 19999: write it with %d.");
  }

  @Test
  void allThatKeepsARuleFromBeingUniqueIsToldAtOnce() {
    assertThat(
            refusal(
                GOOD.replace("reset_seconds() return 0", "reset_seconds() return 86400")
                    .replace("generate_counter()", "generate_counter() % 100")))
        .containsOnlyOnce("o2o.lua: ")
        .contains("A0001 for counter 1 on 1970-01-01 and for counter 1 on 1970-01-02. ")
        .contains("A0001 for counter 1 on 1970-01-01 and for counter 101 on 1970-01-01. ");
  }

  @Test
  void theLintCanBeAskedWithoutAFile() throws Exception {
    List<Collision> fine = loader.lint(new RuleSource("lab", "lab.lua", 1), GOOD);
    List<Collision> found =
        loader.lint(new RuleSource("lab", "lab.lua", 1), creating("  return 'x'"));

    assertThat(fine).isEmpty();
    assertThat(found).extracting(Collision::kind).containsExactly(Collision.Kind.NO_NUMBER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "x = = 1|o2o.lua:7: unexpected symbol near '='",
        "function oops(|o2o.lua:7: ",
        "error('not today')|o2o.lua:7: not today",
        "local x = nil local y = x.z|o2o.lua:7: attempt to index ? (a nil value)",
      })
  void aScriptThatIsNotLuaOrFailsIsRefusedWithFileAndLine(String line, String message) {
    assertThat(refusal(GOOD + line)).startsWith(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"min_counter", "max_counter", "reset_seconds", "create_id"})
  void aFunctionThatIsMissingIsNamed(String name) {
    assertThat(refusal(GOOD.replace("function " + name, "function other")))
        .isEqualTo("o2o.lua: the function " + name + " is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "nil|must be an integer, but is a nil",
        "{}|must be an integer, but is a table",
        "true|must be an integer, but is a boolean",
        "1.5|must be a whole number up to 2^53, or a string of digits: 1.5",
        "1/0|must be a whole number up to 2^53, or a string of digits: inf",
        "0/0|must be a whole number up to 2^53, or a string of digits: nan",
        "2^60|must be a whole number up to 2^53, or a string of digits: 1.1529215046068e+18",
        "'many'|must be an integer of 64 bits: 'many'",
        "'9223372036854775808'|must be an integer of 64 bits: '9223372036854775808'",
      })
  void aLimitThatIsNoNumberIsRefused(String value, String message) {
    for (String name : List.of("min_counter", "max_counter", "reset_seconds")) {
      String text = GOOD.replaceFirst(name + "\\(\\) return [0-9]+", name + "() return " + value);

      assertThat(refusal(text)).isEqualTo("o2o.lua: " + name + ": " + message);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-1|9999|min_counter must be >= 0: -1",
        "5|5|max_counter must be > min_counter: min_counter=5, max_counter=5",
        "6|5|max_counter must be > min_counter: min_counter=6, max_counter=5",
      })
  void aRangeWithoutNumbersIsRefused(long min, long max, String message) {
    assertThat(
            refusal(
                GOOD.replace(
                    "return 0 end\nfunction max_counter() return 9999",
                    "return " + min + " end\nfunction max_counter() return " + max)))
        .isEqualTo("o2o.lua: " + message);
  }

  @Test
  void aRangeWithoutANumberForThisServerIsRefused() {
    loader = new RuleLoader(directory, 4, 3, new SteadyClock(() -> 0, ZoneOffset.UTC));

    assertThat(refusal(GOOD.replace("9999", "2")))
        .isEqualTo(
            "o2o.lua: no number is left for this server: min_counter + id_offset is above"
                + " max_counter=2");
  }

  @Test
  void aRuleHasTheZoneThatItSays() throws Exception {
    assertThat(load(GOOD).numbering().zone()).isEmpty();
    assertThat(load(GOOD + "function time_zone() return 'Asia/Shanghai' end").numbering().zone())
        .contains(ZoneId.of("Asia/Shanghai"));
  }

  @Test
  void aRuleTakesTheBusinessDaysThatItSays() throws Exception {
    assertThat(load(GOOD).bizDays()).isEmpty();
    assertThat(load(GOOD + "function biz_days() return 0 end").bizDays()).hasValue(0);
    assertThat(load(GOOD + "function biz_days() return 400 end").bizDays()).hasValue(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "biz_days|-1|o2o.lua: biz_days must be 0 to 400, days before today: -1",
        "biz_days|401|o2o.lua: biz_days must be 0 to 400, days before today: 401",
        "time_zone|'Mars/Olympus'|o2o.lua: time_zone must be a time zone such as \"Asia/Shanghai\" or \"UTC\": Mars/Olympus",
        "time_zone|8|o2o.lua: time_zone: must be a string, but is a number",
        "fiscal_year_start|'02-29'|o2o.lua: fiscal_year_start must be a month and a day such as \"04-01\", and not 02-29: 02-29",
        "fiscal_year_start|'April'|o2o.lua: fiscal_year_start must be a month and a day such as \"04-01\", and not 02-29: April",
        "fiscal_year_start|nil|o2o.lua: fiscal_year_start: must be a string, but is a nil",
      })
  void aZoneFiscalYearOrBusinessDaysThatAreNoneAreRefused(
      String function, String value, String message) {
    assertThat(refusal(GOOD + "function " + function + "() return " + value + " end"))
        .isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'fortnight'|reset_period must be one of hour, day, week, month, quarter, year, fiscal_quarter, fiscal_year, never: fortnight",
        "'Day'|reset_period must be one of hour, day, week, month, quarter, year, fiscal_quarter, fiscal_year, never: Day",
        "86400|o2o.lua: reset_period: must be a string, but is a number",
        "nil|o2o.lua: reset_period: must be a string, but is a nil",
      })
  void aPeriodThatIsNoneIsRefused(String period, String message) {
    assertThat(refusal(GOOD + "function reset_period() return " + period + " end"))
        .isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`  counter:generate_counter()`|create_id returned no id: must be a string, but is a nil",
        "`  return {}`|create_id returned no id: must be a string, but is a table",
        "`  return true`|create_id returned no id: must be a string, but is a boolean",
        "`  return ''`|create_id: an id is 1 to 256 bytes long: 0",
        "`  return ('x'):rep(257)`|create_id: an id is 1 to 256 bytes long: 257",
        "`  return 'a\\nb'`|create_id: the id holds a control character",
        "`  return '\\255'`|create_id: the id is not UTF-8",
        "`  return 1.5`|create_id: must be a whole number up to 2^53, or a string of digits: 1.5",
        "`  return counter`|create_id returned no id: must be a string, but is a userdata",
      })
  void whatIsNoIdIsRefused(String body, String message) {
    assertThat(refusal(creating(body))).isEqualTo("o2o.lua: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "  while true do end|`(too many instructions|took longer than 250 ms)`",
        "  while true do counter:generate_counter() end|`(too many instructions|took longer .*)`",
        "  local s = 'x' while true do s = s .. s end|string longer than 65536 bytes",
        "  return ('x'):rep(1e9)|string longer than 65536 bytes",
        "  return ('a'):rep(30000):find('.*.*.*.*.*x')|`(too many instructions|took longer .*)`",
        "  return ('a'):rep(999):match(('a?'):rep(500))|pattern too complex",
        "  local function f() return 1 + f() end return f()|calls nested deeper than 200",
        "  error('broken')|broken",
        "  return nothing.at.all|attempt to index .*",
      })
  void aRuleThatEndsInABombIsRefusedWithFileAndLine(String body, String message) {
    assertThat(refusal(creating(body))).matches("o2o\\.lua:5: " + message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "while true do end",
        "local t = {} for i = 1, math.huge do t[i] = {} end",
        "local s = 'x' while true do s = s .. s end",
        "local function f() return 1 + f() end f()",
      })
  void aBombOutsideTheFunctionsIsRefusedWithFileAndLine(String bomb) {
    assertThat(refusal(GOOD + bomb)).startsWith("o2o.lua:7: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"min_counter", "max_counter", "reset_seconds"})
  void aBombInALimitIsRefusedWithFileAndLine(String name) {
    String text =
        GOOD.replace("function " + name + "()", "function " + name + "() while true do end");

    assertThat(refusal(text)).matches("o2o\\.lua:[123]: (too many instructions|took longer .*)");
  }

  @Test
  void aRuleThatNeedsASaltIsTriedWithOne() throws Exception {
    assertThat(load(creating("  return salt + 0 .. '-' .. counter:generate_counter()")).idLength())
        .isEqualTo(6);
    assertThat(refusal(creating("  if salt ~= 'secret' then error('which salt?') end")))
        .isEqualTo("o2o.lua:5: which salt?");
  }

  @Test
  void aRuleThatAsksForTimeIdsWhereThereAreNoneIsRefused() {
    assertThat(refusal(creating("  return counter:generate_time_id()")))
        .isEqualTo("create_id made no id; time ids need an id_step of at most 1024");
  }

  @Test
  void aFileThatIsNotThereOrNoTextIsRefused() throws IOException {
    Files.write(
        directory.resolve("bytes.lua"), "x = '\u00ff'".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> loader.load(new RuleSource("lost", "lost.lua", 10)))
        .isInstanceOf(RuleException.class)
        .hasMessage("no such file: " + directory.resolve("lost.lua"));
    assertThatThrownBy(() -> loader.load(new RuleSource("bytes", "bytes.lua", 10)))
        .isInstanceOf(RuleException.class)
        .hasMessage(directory.resolve("bytes.lua") + " is not UTF-8");
  }
}
