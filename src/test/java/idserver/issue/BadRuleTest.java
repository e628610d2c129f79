package idserver.issue;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.reserve.InMemoryBlockStore;
import idserver.rule.RuleSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that were good when they were loaded and go bad with one number. */
class BadRuleTest {
  private static final int REQUESTS = 10;
  private static final long BAD = 13;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "while true do end|`bad\\.lua:7: (too many instructions|took longer .*)`",
        "while true do counter:generate_time_id() end|bad\\.lua: no time ids here",
        "local s = 'x' while true do s = s .. s end|bad\\.lua:7: string longer than 65536 bytes",
        "local t = {} for i = 1, math.huge do t[i] = {} end|`bad\\.lua:7: (too many|took longer).*`",
        "return ('x'):rep(1e9)|bad\\.lua:7: string longer than 65536 bytes",
        "return ('a'):rep(30000):find('.*.*.*.*.*x')|`bad\\.lua:7: (too many|took longer).*`",
        "local function f() return 1 + f() end return f()|bad\\.lua:7: calls nested deeper than 200",
        "error('unlucky')|bad\\.lua:7: unlucky",
        "return nothing.at.all|bad\\.lua:7: attempt to index .*",
        "return nil|bad\\.lua: create_id returned no id: must be a string, but is a nil",
        "return {}|bad\\.lua: create_id returned no id: must be a string, but is a table",
        "return ''|bad\\.lua: create_id: an id is 1 to 256 bytes long: 0",
        "return ('x'):rep(257)|bad\\.lua: create_id: an id is 1 to 256 bytes long: 257",
        "return '\\255'|bad\\.lua: create_id: the id is not UTF-8",
        "return 'a\\nb'|bad\\.lua: create_id: the id holds a control character",
      })
  void oneRequestIsRefusedAndTheThreadGoesOnWithoutAnIdTwice(String bad, String message)
      throws Exception {
    TestServer.writeRule(
        directory,
        "bad.lua",
        9999,
        "never",
        "local n = counter:generate_counter() if n == " + BAD + " then\n" + bad + "\nend return n");
    TestServer server =
        new TestServer(
            directory,
            new InMemoryBlockStore(new InMemoryBlockStore.Storage(), TestServer.OFFSET),
            writer -> {},
            List.of(new RuleSource("bad", "bad.lua", 100)));
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      answers.add(server.issue("bad", "test", 1));
      server.write();
    }

    assertThat(answers).allSatisfy(answer -> assertThat(answer.times()).isEqualTo(1));
    assertThat(answers.stream().flatMap(answer -> answer.kinds().stream()))
        .containsExactly(RefusalKind.RULE_ERROR);
    assertThat(answers.stream().flatMap(answer -> answer.refused.stream()))
        .allSatisfy(refusal -> assertThat(refusal.message()).matches(message));
    assertThat(answers.stream().filter(answer -> answer.kinds().isEmpty()))
        .flatExtracting(Answer::ids)
        .containsExactly("1", "5", "9", "17", "21", "25", "29", "33", "37");
  }
}
