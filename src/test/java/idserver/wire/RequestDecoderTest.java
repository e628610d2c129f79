package idserver.wire;

import static idserver.issue.RefusalKind.BAD_APP_NAME;
import static idserver.issue.RefusalKind.BAD_FIELD;
import static idserver.issue.RefusalKind.BAD_JSON;
import static idserver.issue.RefusalKind.BAD_SALT;
import static idserver.issue.RefusalKind.UNKNOWN_ACTION;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import idserver.counter.CounterKey;
import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JSON is written with ' for " here, except where an apostrophe matters. */
class RequestDecoderTest {
  private static final String NAMES = "'rule_name':'o2o','app_name':'test'";
  private static final String GET = "'action':'get'," + NAMES;
  private static final WireRequest PLAIN =
      new WireRequest(Action.GET, new CounterKey("o2o", "test"), "", 0, Seq.NONE);

  private final RequestDecoder decoder = new RequestDecoder();

  @Test
  void decodesTheWholeRequest() {
    assertThat(decode("{" + GET + ",'salt':'ab','seq':[1, 2],'count':3}"))
        .isEqualTo(
            new WireRequest(Action.GET, new CounterKey("o2o", "test"), "ab", 3, Seq.of("[1, 2]")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'r1'", "'\\u0072\\u0031'"})
  void decodesARequestThatNamesItself(String requestId) {
    assertThat(decode("{'request_id':" + requestId + "," + GET + "}"))
        .isEqualTo(new RepeatableRequest(PLAIN, "r1"));
  }

  @Test
  void takesARequestIdOfOneTo64Bytes() {
    String longest = "é".repeat(32);
    assertThat(decode("{" + GET + ",'request_id':'" + longest + "'}"))
        .isEqualTo(new RepeatableRequest(PLAIN, longest));
    assertThat(decode("{" + GET + ",'request_id':' '}"))
        .isEqualTo(new RepeatableRequest(PLAIN, " "));
  }

  @Test
  void decodesARequestOfABusinessDay() {
    LocalDate day = LocalDate.of(2026, 11, 22);

    assertThat(decode("{'biz_date':'2026-11-22'," + GET + "}"))
        .isEqualTo(new DatedWireRequest(PLAIN, "", day));
    assertThat(decode("{" + GET + ",'request_id':'r','biz\\u005fdate':'2026-11-22'}"))
        .isEqualTo(new DatedWireRequest(PLAIN, "r", day));
    assertThat(decode("{'action':'monitor'," + NAMES + ",'biz_date':'2026-11-22'}"))
        .isEqualTo(new WireRequest(Action.MONITOR, PLAIN.key(), "", 0, Seq.NONE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "2026-2-3", "2026-02-29", "20261122", "+2026-11-22", "2026-11-22 ", "today"})
  void refusesABusinessDayThatIsNone(String day) {
    assertRefused(
        decode("{" + GET + ",'biz_date':'" + day + "'}"),
        BAD_FIELD,
        "biz_date must be a day such as \"2026-11-22\"",
        "");
  }

  @Test
  void looksAtTheRequestIdOfAQuestionForACounterAndLeavesItOut() {
    assertThat(decode("{'action':'monitor'," + NAMES + ",'request_id':'r'}"))
        .isEqualTo(new WireRequest(Action.MONITOR, PLAIN.key(), "", 0, Seq.NONE));
    assertRefused(
        decode("{'action':'monitor'," + NAMES + ",'request_id':1}"),
        BAD_FIELD,
        "request_id must be a string",
        "");
  }

  static Stream<Arguments> samePlainRequest() {
    return Stream.of(
        arguments("nothing optional", "{" + GET + "}"),
        arguments("the alias create", "{'action':'create'," + NAMES + "}"),
        arguments("another order", "{" + NAMES + ",'action':'get'}"),
        arguments("an empty salt", "{" + GET + ",'salt':''}"),
        arguments("white space everywhere", " \r\n\t{ " + GET.replace(",", " ,\n") + "\t} \n"),
        arguments("white space around colons", "{" + GET.replace(":", " : ") + "}"),
        arguments("an escape in a name", "{'\\u0061ction':'get'," + NAMES + "}"),
        arguments("escapes in a value", "{'action':'\\u0067e\\u0074'," + NAMES + "}"),
        arguments("an unknown member", "{'x':'y'," + GET + "}"),
        arguments("an unknown member of null", "{" + GET + ",'x':null}"),
        arguments("an empty name", "{" + GET + ",'':0}"),
        arguments("names in another case", "{" + GET + ",'Action':1,'SALT':2}"),
        arguments("names of known lengths", "{" + GET + ",'act10n':1,'abc':2,'a':3,'pepper__':4}"),
        arguments("a deep unknown member", "{" + GET + ",'x':" + nested(32) + "}"),
        arguments("known names further inside", "{'x':{'action':1,'action':2}," + GET + "}"),
        arguments(
            "an unknown number of 60 000 digits", "{'n':" + "7".repeat(60_000) + "," + GET + "}"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("samePlainRequest")
  void isTheSameRequestWith(String what, String request) {
    assertThat(decode(request)).as(what).isEqualTo(PLAIN);
  }

  @Test
  void knowsConfirmAndCancelWithANameOrWithoutOne() {
    CounterKey key = PLAIN.key();

    assertThat(decode("{'action':'confirm'," + NAMES + ",'request_id':'r','seq':7}"))
        .isEqualTo(
            new SettleWireRequest(new WireRequest(Action.CONFIRM, key, "", 0, Seq.of("7")), "r"));
    assertThat(decode("{" + NAMES + ",'action':'cancel','biz_date':'2026-11-22'}"))
        .isEqualTo(new SettleWireRequest(new WireRequest(Action.CANCEL, key, "", 0, Seq.NONE), ""));
    assertRefused(
        decode("{'action':'confirm'," + NAMES + ",'request_id':''}"),
        BAD_FIELD,
        "request_id is empty",
        "");
  }

  @Test
  void knowsMonitor() {
    assertThat(decode("{'action':'monitor'," + NAMES + "}"))
        .isEqualTo(new WireRequest(Action.MONITOR, new CounterKey("o2o", "test"), "", 0, Seq.NONE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "\n\t ",
        "[]",
        "[{}]",
        "'a'",
        "1",
        "null",
        "x{}",
        "\u0000",
        "\ufeff{}",
        "\u00a0{}"
      })
  void isNotAnObjectWhenItDoesNotBeginAsOne(String bytes) {
    assertThat(decode(bytes)).isEqualTo(NotAnObject.INSTANCE);
    assertThat(NotAnObject.INSTANCE.refusal().kind()).isEqualTo(BAD_JSON);
  }

  static Stream<Arguments> badJson() {
    return Stream.of(
        arguments("only a brace", "{", "unfinished JSON at byte 1"),
        arguments("no closing brace", "{'a':1", "unfinished JSON at byte 6"),
        arguments("text after the object", "{'a':1}x", "text after the object at byte 7"),
        arguments("a second object", "{} {}", "text after the object at byte 3"),
        arguments("a NUL after the object", "{}\u0000", "text after the object at byte 2"),
        arguments("a duplicate member", "{'seq':1,'seq':1}", "duplicate member at byte 9"),
        arguments(
            "an escaped duplicate", "{'action':1,'\\u0061ction':1}", "duplicate member at byte 12"),
        arguments("an unknown duplicate", "{'x':1,'y':1,'x':1}", "duplicate member at byte 13"),
        arguments(
            "an unknown escaped duplicate", "{'\\u0078':1,'x':1}", "duplicate member at byte 12"),
        arguments("a duplicate empty name", "{'':1,'':1}", "duplicate member at byte 6"),
        arguments(
            "a duplicate lone surrogate",
            "{'\\ud800':1,'\\uD800':1}",
            "duplicate member at byte 12"),
        arguments("a trailing comma", "{'a':1,}", "a member's name is expected at byte 7"),
        arguments("a leading comma", "{,'a':1}", "a member's name is expected at byte 1"),
        arguments(
            "no comma", "{'a':1 'b':2}", "a comma or a closing bracket is expected at byte 7"),
        arguments(
            "the wrong bracket", "{'a':1]", "a comma or a closing bracket is expected at byte 6"),
        arguments("no colon", "{'a' 1}", "a colon is expected at byte 5"),
        arguments("no value", "{'a':}", "a value is expected at byte 5"),
        arguments("a name without quotes", "{a:1}", "a member's name is expected at byte 1"),
        arguments("a control character", "{'a':'\n'}", "unescaped control character at byte 6"),
        arguments("a bad escape", "{'a':'\\x'}", "bad escape at byte 6"),
        arguments(
            "a leading zero", "{'a':01}", "a comma or a closing bracket is expected at byte 6"),
        arguments("a plus sign", "{'a':+1}", "a value is expected at byte 5"),
        arguments("a bare minus", "{'a':-}", "a digit is expected at byte 6"),
        arguments("a misspelt literal", "{'a':nil}", "a value is misspelt at byte 6"),
        arguments("a BOM inside", "{\ufeff}", "a member's name is expected at byte 1"),
        arguments("a comment", "{/**/}", "a member's name is expected at byte 1"),
        arguments("nesting of 33", "{'a':" + nested(33) + "}", "nested deeper than 32 at byte 37"),
        arguments(
            "nesting of 100 000",
            "{'a':" + "[".repeat(100_000),
            "nested deeper than 32 at byte 37"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badJson")
  void isBadJsonWith(String what, String request, String message) {
    assertThat(decode(request))
        .as(what)
        .isInstanceOfSatisfying(
            BadRequest.class,
            bad -> assertThat(bad.refusal()).isEqualTo(new Refusal(BAD_JSON, message)));
  }

  @Test
  void isBadJsonWithSingleQuotes() {
    assertRefused(
        decodeBytes("{'action':'get'}".getBytes(UTF_8)),
        BAD_JSON,
        "a member's name is expected at byte 1",
        "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'x\u00ff':1}",
        "{'x':'\u00c0\u00af'}",
        "{'seq':'\u00ed\u00a0\u0080'}",
        "{'x':['\u00e2\u0082']}"
      })
  void isBadJsonWithInvalidUtf8Anywhere(String latin1) {
    Decoded decoded = decodeBytes(latin1.replace('\'', '"').getBytes(ISO_8859_1));
    assertThat(decoded)
        .isInstanceOfSatisfying(
            BadRequest.class,
            bad -> {
              assertThat(bad.refusal().kind()).isEqualTo(BAD_JSON);
              assertThat(bad.refusal().message()).startsWith("invalid UTF-8 at byte ");
            });
  }

  static Stream<Arguments> badMembers() {
    String action = "action must be get, create, monitor, confirm or cancel: ";
    String count = "count must be an integer from 1 to 2147483647";
    return Stream.of(
        arguments("nothing", "{'seq':7}", BAD_FIELD, "action is missing"),
        arguments(
            "an unknown action",
            "{'action':'gets'," + NAMES + ",'seq':7}",
            UNKNOWN_ACTION,
            action + "\"gets\""),
        arguments(
            "an action in capitals",
            "{'action':'GET'," + NAMES + ",'seq':7}",
            UNKNOWN_ACTION,
            action + "\"GET\""),
        arguments(
            "a long action",
            "{'action':'" + "a".repeat(500) + "','seq':7}",
            UNKNOWN_ACTION,
            action + "\"" + "a".repeat(32) + "...\""),
        arguments(
            "an action of null", "{'action':null,'seq':7}", BAD_FIELD, "action must not be null"),
        arguments("an action of 1", "{'action':1,'seq':7}", BAD_FIELD, "action must be a string"),
        arguments(
            "no rule",
            "{'action':'get','app_name':'a','seq':7}",
            BAD_FIELD,
            "rule_name is missing"),
        arguments(
            "a rule of an object",
            "{'action':'get','rule_name':{},'seq':7}",
            BAD_FIELD,
            "rule_name must be a string"),
        arguments(
            "an empty rule",
            "{'action':'get','rule_name':'','seq':7}",
            BAD_FIELD,
            "rule_name is empty"),
        arguments(
            "a rule of half a pair",
            "{'action':'get','rule_name':'\\udc00','seq':7}",
            BAD_FIELD,
            "rule_name holds half of a surrogate pair"),
        arguments(
            "no app", "{'action':'get','rule_name':'r','seq':7}", BAD_FIELD, "app_name is missing"),
        arguments(
            "an app of null",
            "{'action':'get','rule_name':'r','app_name':null,'seq':7}",
            BAD_FIELD,
            "app_name must not be null"),
        arguments(
            "an app of true",
            "{'action':'get','rule_name':'r','app_name':true,'seq':7}",
            BAD_FIELD,
            "app_name must be a string"),
        arguments(
            "an empty app",
            "{'action':'get','rule_name':'r','app_name':'','seq':7}",
            BAD_APP_NAME,
            "app_name is empty"),
        arguments(
            "an app of half a pair",
            "{'action':'get','rule_name':'r','app_name':'\\ud800','seq':7}",
            BAD_APP_NAME,
            "app_name holds half of a surrogate pair"),
        arguments(
            "an app with an escaped control",
            "{'action':'get','rule_name':'r','app_name':'a\\u0000','seq':7}",
            BAD_APP_NAME,
            "app_name holds a control character"),
        arguments(
            "an app with a DEL",
            "{'action':'get','rule_name':'r','app_name':'\u007f','seq':7}",
            BAD_APP_NAME,
            "app_name holds a control character"),
        arguments(
            "an app with a C1 control",
            "{'action':'get','rule_name':'r','app_name':'\u0085','seq':7}",
            BAD_APP_NAME,
            "app_name holds a control character"),
        arguments(
            "a long app",
            "{'action':'get','rule_name':'r','app_name':'" + "\u00e9".repeat(128) + "','seq':7}",
            BAD_APP_NAME,
            "app_name is longer than 255 bytes"),
        arguments(
            "a salt of null",
            "{" + GET + ",'salt':null,'seq':7}",
            BAD_FIELD,
            "salt must not be null"),
        arguments(
            "a salt of 1", "{" + GET + ",'salt':1,'seq':7}", BAD_FIELD, "salt must be a string"),
        arguments(
            "a request_id of null",
            "{" + GET + ",'request_id':null,'seq':7}",
            BAD_FIELD,
            "request_id must not be null"),
        arguments(
            "a request_id of 1",
            "{" + GET + ",'request_id':1,'seq':7}",
            BAD_FIELD,
            "request_id must be a string"),
        arguments(
            "an empty request_id",
            "{" + GET + ",'request_id':'','seq':7}",
            BAD_FIELD,
            "request_id is empty"),
        arguments(
            "a request_id with a tab",
            "{" + GET + ",'request_id':'\\t','seq':7}",
            BAD_FIELD,
            "request_id holds a control character"),
        arguments(
            "a long request_id",
            "{" + GET + ",'request_id':'" + "é".repeat(33) + "','seq':7}",
            BAD_FIELD,
            "request_id is longer than 64 bytes"),
        arguments(
            "a salt with a tab",
            "{" + GET + ",'salt':'\\t','seq':7}",
            BAD_SALT,
            "salt holds a control character"),
        arguments(
            "a long salt",
            "{" + GET + ",'salt':'" + "s".repeat(65) + "','seq':7}",
            BAD_SALT,
            "salt is longer than 64 bytes"),
        arguments("a count of null", "{" + GET + ",'count':null,'seq':7}", BAD_FIELD, count),
        arguments("a count of 0", "{" + GET + ",'count':0,'seq':7}", BAD_FIELD, count),
        arguments("a count of -1", "{" + GET + ",'count':-1,'seq':7}", BAD_FIELD, count),
        arguments("a count with a fraction", "{" + GET + ",'count':1.0,'seq':7}", BAD_FIELD, count),
        arguments(
            "a count with an exponent", "{" + GET + ",'count':1e0,'seq':7}", BAD_FIELD, count),
        arguments(
            "a count above an int", "{" + GET + ",'count':2147483648,'seq':7}", BAD_FIELD, count),
        arguments(
            "a count of 60 000 digits",
            "{" + GET + ",'count':" + "1".repeat(60_000) + ",'seq':7}",
            BAD_FIELD,
            count),
        arguments("a count in quotes", "{" + GET + ",'count':'1','seq':7}", BAD_FIELD, count));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badMembers")
  void refusesButEchoesSeqWith(String what, String request, RefusalKind kind, String message) {
    assertRefused(decode(request), kind, message, "7");
  }

  @Test
  void namesTheFirstOfSeveralFaults() {
    String seq = "'seq':'" + "1".repeat(63) + "'";
    String[] faults = {
      "'action':''", "'rule_name':''", "'app_name':''", "'salt':1", "'count':0", "'request_id':''"
    };
    String[] named = {"action", "rule_name", "app_name", "salt", "count", "request_id"};
    String[] good = {
      "'action':'get'",
      "'rule_name':'r'",
      "'app_name':'a'",
      "'salt':''",
      "'count':1",
      "'request_id':'r'"
    };
    for (int first = 0; first < faults.length; first++) {
      StringBuilder request = new StringBuilder("{" + seq); // the order written must not matter
      for (int i = faults.length - 1; i >= 0; i--) {
        request.append(',').append(i < first ? good[i] : faults[i]);
      }
      String name = named[first];
      assertThat(decode(request + "}"))
          .isInstanceOfSatisfying(
              BadRequest.class,
              bad -> {
                assertThat(bad.refusal().message()).startsWith(name + " ");
                assertThat(bad.seq()).isEqualTo(Seq.NONE);
              });
      assertThat(decode(request + ",}"))
          .isInstanceOfSatisfying(
              BadRequest.class, bad -> assertThat(bad.refusal().kind()).isEqualTo(BAD_JSON));
    }
    assertRefused(
        decode("{" + GET + "," + seq + "}"), BAD_FIELD, "seq is longer than 64 bytes", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "false",
        "0",
        "-0.0e+0",
        "1e999999999",
        "'text'",
        "'\\u0041\\ud800\\/'",
        "'\u00e9\ud83d\ude00'",
        "[]",
        "[ 1 ,\n2 ]",
        "{'a' : {'a':1,'a':2}}",
        "123456789012345678901234567890123456789012345678901234567890.123"
      })
  void keepsSeqAsItIsWritten(String seq) {
    String json = seq.replace('\'', '"');
    assertThat(decode("{'seq' : " + seq + " ," + GET + "}"))
        .isEqualTo(new WireRequest(Action.GET, new CounterKey("o2o", "test"), "", 0, Seq.of(json)));
    assertThat(decode("{'seq':" + seq + "}"))
        .isEqualTo(new BadRequest(new Refusal(BAD_FIELD, "action is missing"), Seq.of(json)));
  }

  @Test
  void keepsTheDeepestSeqThatFits() {
    assertThat(decode("{" + GET + ",'seq':" + nested(32) + "}"))
        .isEqualTo(
            new WireRequest(Action.GET, new CounterKey("o2o", "test"), "", 0, Seq.of(nested(32))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Abc",
        "abc",
        " abc",
        "abc ",
        "\u00e9",
        "e\u0301",
        "\ud83d\ude00",
        "\u4f60\u597d",
        "a\u00a0b",
        "\ufeff",
        "/"
      })
  void keepsNamesAsTheyAre(String name) {
    StringBuilder escaped = new StringBuilder();
    name.chars().forEach(c -> escaped.append(String.format("\\u%04x", c)));
    for (String written : new String[] {name, escaped.toString()}) {
      String request = "{" + GET.replace("test", written).replace("o2o", written) + "}";
      assertThat(decode(request))
          .isEqualTo(new WireRequest(Action.GET, new CounterKey(name, name), "", 0, Seq.NONE));
    }
  }

  @Test
  void understandsEveryEscape() {
    assertThat(
            decode(
                "{'action':'get','rule_name':'\\'\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\ud83d\\uDE00','app_name':'a'}"))
        .isEqualTo(
            new WireRequest(
                Action.GET,
                new CounterKey("\"\\/\b\f\n\r\t\u00e9\ud83d\ude00", "a"),
                "",
                0,
                Seq.NONE));
  }

  @Test
  void allowsTheLongestValues() {
    assertThat(
            decode(
                "{'action':'get','rule_name':'"
                    + "r".repeat(255)
                    + "','app_name':'"
                    + "a".repeat(255)
                    + "','salt':'"
                    + "s".repeat(64)
                    + "','count':2147483647,'seq':"
                    + "9".repeat(64)
                    + "}"))
        .isEqualTo(
            new WireRequest(
                Action.GET,
                new CounterKey("r".repeat(255), "a".repeat(255)),
                "s".repeat(64),
                Integer.MAX_VALUE,
                Seq.of("9".repeat(64))));
  }

  @Test
  void readsOnlyTheBytesItIsGiven() {
    byte[] request = ("{" + GET + "}").replace('\'', '"').getBytes(UTF_8);
    byte[] buffer = new byte[request.length + 20];
    System.arraycopy(request, 0, buffer, 10, request.length);

    assertThat(decoder.decode(buffer, 10, request.length)).isEqualTo(PLAIN);
    assertRefused(
        decoder.decode(buffer, 10, request.length - 1),
        BAD_JSON,
        "unfinished JSON at byte " + (request.length - 1),
        "");
    assertRefused(
        decoder.decode(buffer, 10, request.length + 1),
        BAD_JSON,
        "text after the object at byte " + request.length,
        "");
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> decoder.decode(buffer, 10, buffer.length));
  }

  @Test
  void keepsNothingOfTheBufferOrTheRequestBefore() {
    byte[] buffer =
        ("{" + GET + ",'x':1,'salt':'s','count':2,'seq':5}").replace('\'', '"').getBytes(UTF_8);
    WireRequest expected =
        new WireRequest(Action.GET, new CounterKey("o2o", "test"), "s", 2, Seq.of("5"));
    Decoded before = decoder.decode(buffer, 0, buffer.length);
    Arrays.fill(buffer, (byte) '#');

    assertThat(before).isEqualTo(expected);
    assertThat(decode("{" + GET + ",'x':1}")).isEqualTo(PLAIN);
    assertRefused(decode("{}"), BAD_FIELD, "action is missing", "");
    assertThat(decode("{" + GET + "}")).isEqualTo(PLAIN);
  }

  private static void assertRefused(Decoded decoded, RefusalKind kind, String message, String seq) {
    Seq echoed = seq.isEmpty() ? Seq.NONE : Seq.of(seq);
    assertThat(decoded)
        .isInstanceOfSatisfying(
            BadRequest.class,
            bad -> {
              assertThat(bad.refusal()).isEqualTo(new Refusal(kind, message));
              assertThat(bad.seq()).isEqualTo(echoed);
            });
  }

  private Decoded decode(String request) {
    return decodeBytes(request.replace('\'', '"').getBytes(UTF_8));
  }

  private Decoded decodeBytes(byte[] bytes) {
    return decoder.decode(bytes, 0, bytes.length);
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }
}
