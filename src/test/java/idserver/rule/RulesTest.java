package idserver.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import idserver.counter.SteadyClock;
import idserver.timeid.TimeIdFormat;
import idserver.timeid.TimeIdLayout;
import idserver.timeid.TimeIdSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesTest {
  private static final String LUA =
      """
      function min_counter() return 0 end
      function max_counter() return 9999 end
      function reset_seconds() return 0 end
      function create_id(counter, now, salt) return "A" .. counter:generate_time_id() end
      """;

  @TempDir Path directory;

  private Rules rules;

  @BeforeEach
  void load() throws Exception {
    write("a.lua", LUA);
    rules =
        Rules.load(
            new RuleLoader(directory, 2, 1, new SteadyClock(() -> 0, ZoneOffset.UTC)),
            List.of(lua("lua", TimeIdLayout.CLASSIC, 0)),
            List.of(time("time", TimeIdLayout.CLASSIC, 0)));
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(directory.resolve(file), text);
  }

  private static TimeIdSettings settings(TimeIdLayout layout, long epochMs) {
    return TimeIdSettings.of(new TimeIdFormat(layout, epochMs, 1, 2));
  }

  private static RuleSource lua(String name, TimeIdLayout layout, long epochMs) {
    return new RuleSource(name, "a.lua", 10, Optional.of(settings(layout, epochMs)));
  }

  private static TimeRule time(String name, TimeIdLayout layout, long epochMs) {
    return new TimeRule(name, settings(layout, epochMs));
  }

  private List<String> faults(List<RuleSource> sources, List<TimeRule> timeRules) {
    RuleBook before = rules.current();
    RuleFaults e = catchThrowableOfType(RuleFaults.class, () -> rules.reload(sources, timeRules));
    assertThat(e).as("is refused").isNotNull();
    assertThat(rules.current()).as("served").isSameAs(before);
    return e.faults();
  }

  @Test
  void findsEachRuleByItsNameAndType() {
    RuleBook book = rules.current();

    assertThat(book.names()).containsExactly("lua", "time");
    assertThat(book.find("time")).isNull();
    assertThat(book.findTimeRule("lua")).isNull();
    assertThat(book.findTimeRule("time")).isEqualTo(time("time", TimeIdLayout.CLASSIC, 0));
    assertThat(book.timeRules()).hasSize(1);
    assertThat(book.rules()).hasSize(1);
  }

  @Test
  void aReloadAddsAndRemovesRules() throws Exception {
    RuleBook book =
        rules.reload(
            List.of(lua("lua", TimeIdLayout.CLASSIC, 0)),
            List.of(time("added", TimeIdLayout.SPILL, 5), time("time", TimeIdLayout.CLASSIC, 0)));
    assertThat(book.names()).containsExactly("added", "lua", "time");
    assertThat(book.version()).isEqualTo(2);

    assertThat(rules.reload(List.of(), List.of()).names()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"SPILL, 0", "ORDERED, 0", "CLASSIC, 1"})
  void aReloadThatChangesLayoutOrEpochOfATimeRuleIsRefused(TimeIdLayout layout, long epochMs) {
    assertThat(
            faults(
                List.of(lua("lua", TimeIdLayout.CLASSIC, 0)),
                List.of(time("added", layout, 7), time("time", layout, epochMs))))
        .singleElement()
        .asString()
        .startsWith("rule time: layout and epoch cannot change");
  }

  @ParameterizedTest
  @CsvSource({"SPILL, 0", "ORDERED, 0", "CLASSIC, 1"})
  void aReloadThatChangesLayoutOrEpochOfARuleInLuaIsRefused(TimeIdLayout layout, long epochMs) {
    assertThat(
            faults(
                List.of(lua("lua", layout, epochMs)),
                List.of(time("time", TimeIdLayout.CLASSIC, 0))))
        .singleElement()
        .asString()
        .startsWith("rule lua: layout and epoch cannot change");
  }

  @Test
  void aRuleThatWasTakenOutComesBackAsItWasOrNotAtAll() throws Exception {
    List<RuleSource> lua = List.of(lua("lua", TimeIdLayout.CLASSIC, 0));
    rules.reload(lua, List.of());

    assertThat(faults(lua, List.of(time("time", TimeIdLayout.SPILL, 0))))
        .singleElement()
        .asString()
        .startsWith("rule time: layout and epoch cannot change");
    assertThat(rules.reload(lua, List.of(time("time", TimeIdLayout.CLASSIC, 0))).names())
        .containsExactly("lua", "time");
  }

  @Test
  void aReloadThatChangesTypeAndLayoutIsRefused() {
    assertThat(
            faults(
                List.of(lua("time", TimeIdLayout.SPILL, 0)),
                List.of(time("lua", TimeIdLayout.SPILL, 0))))
        .hasSize(2);
  }

  @Test
  void aRuleInLuaThatIsBrokenKeepsAllAsItWas() throws Exception {
    write("a.lua", LUA + "function oops(\n");

    assertThat(
            faults(
                List.of(lua("lua", TimeIdLayout.CLASSIC, 0)),
                List.of(time("added", TimeIdLayout.CLASSIC, 0))))
        .singleElement()
        .asString()
        .startsWith("rule lua: a.lua");
  }

  @Test
  void servesTheRulesOfBeforeAgain() throws Exception {
    RuleBook first = rules.current();
    write("a.lua", LUA.replace("\"A\"", "\"B\""));
    rules.reload(List.of(lua("lua", TimeIdLayout.CLASSIC, 0)), List.of());

    RuleBook again = rules.rollBack();

    assertThat(again).isNotNull().isSameAs(rules.current());
    assertThat(again.version()).isEqualTo(3);
    assertThat(again.rules()).containsExactlyElementsOf(first.rules());
    assertThat(again.names()).containsExactly("lua", "time");
    assertThat(rules.rollBack()).extracting(RuleBook::names).isEqualTo(List.of("lua"));
  }

  @Test
  void hasNothingToGoBackToBeforeTheFirstReload() {
    RuleBook before = rules.current();

    assertThat(rules.rollBack()).isNull();
    assertThat(rules.current()).isSameAs(before);
  }

  @Test
  void aPreviewChangesNothing() throws Exception {
    RuleBook before = rules.current();

    RuleBook preview = rules.preview(List.of(lua("other", TimeIdLayout.SPILL, 0)), List.of());

    assertThat(preview.names()).containsExactly("other");
    assertThat(rules.current()).isSameAs(before);
  }
}
