package idserver.wire;

import static idserver.issue.RefusalKind.BAD_APP_NAME;
import static idserver.issue.RefusalKind.BAD_FIELD;
import static idserver.issue.RefusalKind.BAD_SALT;
import static idserver.issue.RefusalKind.UNKNOWN_ACTION;
import static org.assertj.core.api.Assertions.assertThat;

import idserver.issue.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MembersTest {
  private static final String FACE = "\ud83d\ude00"; // 4 bytes

  @ParameterizedTest
  @ValueSource(
      strings = {" ", " a ", "Abc", "\u00e9", "e\u0301", "\u00a0", "\ufeff", FACE, "\\", "'"})
  void allowsAnyVisibleOrBlankName(String name) {
    assertThat(Members.checkAppName(name)).isNull();
    assertThat(Members.checkRuleName(name)).isNull();
    assertThat(Members.checkSalt(name)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "a\n", "\u001f", "\u007f", "\u0080", "\u0085b", "\u009f"})
  void refusesControlCharactersInAppNameAndSalt(String text) {
    assertThat(Members.checkAppName(text))
        .isEqualTo(new Refusal(BAD_APP_NAME, "app_name holds a control character"));
    assertThat(Members.checkSalt(text))
        .isEqualTo(new Refusal(BAD_SALT, "salt holds a control character"));
    assertThat(Members.checkRuleName(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {0xd800, 0xdbff, 0xdc00, 0xdfff})
  void refusesLoneSurrogatesEverywhere(int surrogate) {
    for (String text : new String[] {"%c", "a%c", "%cb", "%c" + FACE, FACE + "%c"}) {
      String name = text.replace("%c", String.valueOf((char) surrogate));
      if (name.codePoints().noneMatch(c -> c == surrogate)) {
        continue; // it has paired up with its neighbour
      }
      assertThat(Members.checkAppName(name))
          .isEqualTo(new Refusal(BAD_APP_NAME, "app_name holds half of a surrogate pair"));
      assertThat(Members.checkSalt(name))
          .isEqualTo(new Refusal(BAD_SALT, "salt holds half of a surrogate pair"));
      assertThat(Members.checkRuleName(name))
          .isEqualTo(new Refusal(BAD_FIELD, "rule_name holds half of a surrogate pair"));
    }
  }

  @Test
  void measuresInBytesOfUtf8() {
    for (String c : new String[] {"a", "\u00e9", "\u20ac", FACE}) {
      int bytes = c.equals("a") ? 1 : c.equals("\u00e9") ? 2 : c.equals(FACE) ? 4 : 3;
      String longestName = c.repeat(255 / bytes) + "b".repeat(255 % bytes);
      assertThat(Members.checkAppName(longestName)).isNull();
      assertThat(Members.checkRuleName(longestName)).isNull();
      assertThat(Members.checkAppName(longestName + "b"))
          .isEqualTo(new Refusal(BAD_APP_NAME, "app_name is longer than 255 bytes"));
      assertThat(Members.checkRuleName(longestName + "b"))
          .isEqualTo(new Refusal(BAD_FIELD, "rule_name is longer than 255 bytes"));

      String longestSalt = c.repeat(64 / bytes) + "b".repeat(64 % bytes);
      assertThat(Members.checkSalt(longestSalt)).isNull();
      assertThat(Members.checkSalt(longestSalt + "b"))
          .isEqualTo(new Refusal(BAD_SALT, "salt is longer than 64 bytes"));
    }
  }

  @Test
  void onlyTheSaltMayBeEmpty() {
    assertThat(Members.checkSalt("")).isNull();
    assertThat(Members.checkAppName("")).isEqualTo(new Refusal(BAD_APP_NAME, "app_name is empty"));
    assertThat(Members.checkRuleName("")).isEqualTo(new Refusal(BAD_FIELD, "rule_name is empty"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "9", "10", "2147483647"})
  void allowsCountsFromOne(String json) {
    assertThat(Members.checkCount(json)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-0",
        "-1",
        "+1",
        "01",
        "1.0",
        "1e0",
        "1 ",
        " 1",
        "2147483648",
        "4294967297",
        "9999999999",
        "99999999999999999999",
        "\u0661",
        "one",
        "null"
      })
  void refusesOtherCounts(String json) {
    assertThat(Members.checkCount(json))
        .isEqualTo(new Refusal(BAD_FIELD, "count must be an integer from 1 to 2147483647"));
  }

  @Test
  void allowsThreeActions() {
    assertThat(Members.checkAction("get")).isNull();
    assertThat(Members.checkAction("create")).isNull();
    assertThat(Members.checkAction("monitor")).isNull();
    assertThat(Members.checkAction("Get"))
        .isEqualTo(
            new Refusal(
                UNKNOWN_ACTION, "action must be get, create, monitor, confirm or cancel: \"Get\""));
  }

  @Test
  void quotesShortInputWhole() {
    assertThat(Members.quoted("")).isEqualTo("\"\"");
    assertThat(Members.quoted("a\u00e9" + FACE)).isEqualTo("\"a\u00e9" + FACE + "\"");
    assertThat(Members.quoted("x".repeat(32))).isEqualTo("\"" + "x".repeat(32) + "\"");
  }

  @Test
  void cutsLongInputBetweenCharacters() {
    assertThat(Members.quoted("x".repeat(33))).isEqualTo("\"" + "x".repeat(32) + "...\"");
    assertThat(Members.quoted(FACE.repeat(5000))).isEqualTo("\"" + FACE.repeat(32) + "...\"");
  }

  @Test
  void escapesWhatDoesNotShowAsItself() {
    assertThat(Members.quoted("\u0000\n\u001b\u007f\u0085"))
        .isEqualTo("\"\\u0000\\u000a\\u001b\\u007f\\u0085\"");
    assertThat(Members.quoted("\u202e\u200b\u2028\ufeff\ud800"))
        .isEqualTo("\"\\u202e\\u200b\\u2028\\ufeff\\ud800\"");
  }
}
