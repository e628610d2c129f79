package idserver.rule;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.luaj.vm2.LuaValue;

class PermuteFunctionTest {
  private static final String KEY = "an example key, not to be used";

  private static String evaluate(String expression) throws ScriptException {
    LuaSandbox sandbox =
        LuaSandbox.load(
            "t.lua", "local KEY = '" + KEY + "' function f() return " + expression + " end");
    return sandbox.call(sandbox.function("f")).tojstring();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "permute(0, 1, KEY)|0",
        "permute(0, 1000000, KEY)|310658",
        "permute('1', '1000000', KEY)|464627",
        "permute(1.0, 10^6, KEY)|464627",
        "string.format('%06d', permute(0, 1000000, KEY))|310658",
      })
  void answersWithTheNumbersPlace(String expression, String expected) throws ScriptException {
    assertThat(evaluate(expression)).isEqualTo(expected);
  }

  @Test
  void manyKeysAndSizesByTurnsAreKeptApart() throws ScriptException {
    LuaSandbox sandbox =
        LuaSandbox.load(
            "t.lua",
            "function f(n, size, key) return permute(n, size, 'a key for all of ' .. key) end");
    LuaValue f = sandbox.function("f");
    for (int i = 0; i < 400; i++) {
      int size = 1000 + i % 3;
      String key = "tests" + i % 7;
      byte[] whole = ("a key for all of " + key).getBytes(US_ASCII);
      long expected = new Permutation(size, whole).place(i);
      LuaValue place =
          sandbox.call(f, LuaValue.valueOf(i), LuaValue.valueOf(size), LuaValue.valueOf(key));
      assertThat(place.tolong()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "permute(1000, 1000, KEY)|number must be 0 to 999, as size is 1000: 1000",
        "permute(-1, 1000, KEY)|number must be 0 to 999, as size is 1000: -1",
        "permute(0.5, 1000, KEY)|"
            + "number must be a whole number up to 2^53, or a string of digits: 0.5",
        "permute('x', 1000, KEY)|number must be an integer of 64 bits: 'x'",
        "permute()|size must be an integer, but is a nil",
        "permute(nil, 1000, KEY)|number must be an integer, but is a nil",
        "permute(0, 0, KEY)|size must be 1 to 9007199254740992 (2^53): 0",
        "permute(0, '9007199254740993', KEY)|"
            + "size must be 1 to 9007199254740992 (2^53): 9007199254740993",
        "permute(0, 1/0, KEY)|size must be a whole number up to 2^53, or a string of digits: inf",
        "permute(0, 1000)|the key must be a string, but is a nil",
        "permute(0, 1000, 1234567890123456)|the key must be a string, but is a number",
        "permute(0, 1000, 'only fifteen...')|"
            + "the key must have at least 16 characters, but has 15: take a long random text",
        "permute(0, 1000, '密钥密钥密钥')|"
            + "the key must have at least 16 characters, but has 6: take a long random text",
      })
  void whatHasNoPlaceIsAnError(String expression, String message) {
    assertThatThrownBy(() -> evaluate(expression))
        .isInstanceOf(ScriptException.class)
        .hasMessage("t.lua:1: permute: " + message);
  }
}
