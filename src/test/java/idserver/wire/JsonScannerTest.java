package idserver.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonScannerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "false",
        "0",
        "-0",
        "7",
        "-7",
        "10",
        "0.0",
        "0.10",
        "-0.5e1",
        "1E+9",
        "1e-09",
        "1e999999999",
        "\"\"",
        "\"a\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u00e9\\uD83D\\ude00\"",
        "\"\\ud800\"",
        "\"\u007f\u0080\u07ff\u0800\uffff\"",
        "\"\ud800\udc00\udbff\udfff\"",
        "[]",
        "[ ]",
        "{}",
        "{ }",
        "[1]",
        "[[],{},\"\"]",
        "[ 1 , 2\t,\n3\r]",
        "{\"\":0}",
        "{ \"a\" : 1 , \"b\" : [ { } ] }",
        "{\"a\":1,\"a\":2}",
        "[{\"a\":[{\"b\":[]}]},[]]"
      })
  void passesWellFormedValues(String json) {
    assertThat(isValue(json.getBytes(UTF_8))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nul",
        "nulL",
        "nullx",
        "True",
        "tru",
        "falsy",
        "undefined",
        "NaN",
        "Infinity",
        "'a'",
        "+1",
        "-",
        "01",
        "-01",
        "00",
        "1.",
        ".5",
        "-.5",
        "1.e1",
        "1e",
        "1e+",
        "1e-",
        "1e1.0",
        "0x1",
        "1_0",
        "--1",
        "1-",
        "\u0661",
        "\"",
        "\"a",
        "\"\\\"",
        "\"\\",
        "\"\\a\"",
        "\"\\u\"",
        "\"\\u12\"",
        "\"\\u123g\"",
        "\"\\U0041\"",
        "\"\\u+123\"",
        "\"\\'\"",
        "\"\n\"",
        "\"\t\"",
        "\"\u0000\"",
        "\"\u001f\"",
        "[",
        "]",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[,]",
        "[1 2]",
        "[1}",
        "[1,,2]",
        "{",
        "}",
        "{]",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "{\"a\":1,}",
        "{\"a\"}",
        "{\"a\",1}",
        "{\"a\" 1}",
        "{\"a\"::1}",
        "{,}",
        "{a:1}",
        "{1:1}",
        "{null:1}",
        "{\"a\":1]",
        "{\"a\":1 \"b\":2}",
        "[1]]",
        "{}}",
        "/**/1",
        "1//",
        "\ufeff1",
        "\u00a01",
        "\u2028",
        " 1",
        "1 "
      })
  void stopsAtBrokenValues(String json) {
    assertThat(isValue(json.getBytes(UTF_8))).isFalse();
  }

  static Stream<Arguments> brokenUtf8() {
    return Stream.of(
        arguments("a continuation byte alone", "\u0080"),
        arguments("an overlong slash in two bytes", "\u00c0\u00af"),
        arguments("an overlong DEL in two bytes", "\u00c1\u00bf"),
        arguments("an overlong form in three bytes", "\u00e0\u009f\u00bf"),
        arguments("an overlong form in four bytes", "\u00f0\u008f\u00bf\u00bf"),
        arguments("the first surrogate", "\u00ed\u00a0\u0080"),
        arguments("the last surrogate", "\u00ed\u00bf\u00bf"),
        arguments("the first character above U+10FFFF", "\u00f4\u0090\u0080\u0080"),
        arguments("a lead byte above all", "\u00f5\u0080\u0080\u0080"),
        arguments("five bytes", "\u00f8\u0088\u0080\u0080\u0080"),
        arguments("0xFE", "\u00fe"),
        arguments("0xFF", "\u00ff"),
        arguments("two of two bytes missing", "\u00c3"),
        arguments("the last of three bytes missing", "\u00e2\u0082"),
        arguments("the last of four bytes missing", "\u00f0\u009f\u0098"),
        arguments("ASCII for the third byte", "\u00e2\u0082A"),
        arguments("a lead byte for the fourth byte", "\u00f0\u009f\u0098\u00c3"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("brokenUtf8")
  void refusesInvalidUtf8(String what, String bytes) {
    assertThat(isValue(("\"" + bytes + "\"").getBytes(ISO_8859_1))).as(what).isFalse();
    assertThat(isValue(("\"" + bytes).getBytes(ISO_8859_1))).as(what + ", at the end").isFalse();
  }

  @Test
  void nestsThirtyTwoDeepAndNoDeeper() {
    assertThat(isValue(("[".repeat(32) + "]".repeat(32)).getBytes(UTF_8))).isTrue();
    assertThat(isValue(("[".repeat(33) + "]".repeat(33)).getBytes(UTF_8))).isFalse();
    assertThat(isValue(("{\"a\":".repeat(32) + "1" + "}".repeat(32)).getBytes(UTF_8))).isTrue();
    assertThat(isValue(("{\"a\":".repeat(33) + "1" + "}".repeat(33)).getBytes(UTF_8))).isFalse();
    assertThat(isValue(("[{\"a\":".repeat(16) + "1" + "}]".repeat(16)).getBytes(UTF_8))).isTrue();
    assertThat(isValue("[".repeat(1_000_000).getBytes(UTF_8))).isFalse();
  }

  @Test
  void saysWhatIsWrongAndWhere() {
    byte[] bytes = "xx[1,2,tru]".getBytes(UTF_8);
    JsonScanner scanner = new JsonScanner();
    scanner.begin(bytes, 2, bytes.length - 2);

    assertThat(scanner.value()).isFalse();
    assertThat(scanner.fault()).isEqualTo("a value is misspelt");
    assertThat(scanner.faultAt()).isEqualTo(8);
  }

  @Test
  void looksAtNothingBehindTheEnd() {
    byte[] bytes = "[1,2]".getBytes(UTF_8);
    JsonScanner scanner = new JsonScanner();
    scanner.begin(bytes, 0, bytes.length - 1);

    assertThat(scanner.value()).isFalse();
    assertThat(scanner.fault()).isEqualTo("unfinished JSON");
    assertThat(scanner.faultAt()).isEqualTo(4);
  }

  private static boolean isValue(byte[] bytes) {
    JsonScanner scanner = new JsonScanner();
    scanner.begin(bytes, 0, bytes.length);
    return scanner.value() && scanner.atEnd();
  }
}
