package idserver.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;

class LuaNumbersTest {
  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        -1,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        1L << 31,
        1L << 53,
        -(1L << 53),
        (1L << 53) + 1,
        -(1L << 53) - 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE
      })
  void everyLongComesBack(long value) {
    assertThat(LuaNumbers.toLong(LuaNumbers.of(value))).isEqualTo(value);
  }

  @Test
  void integersBeyondDoublesTravelAsText() {
    assertThat(LuaNumbers.of(1L << 53)).isInstanceOf(LuaNumber.class);
    assertThat(LuaNumbers.of((1L << 53) + 1)).isInstanceOf(LuaString.class);
  }

  @Test
  void whatIsNoIntegerIsRefused() {
    assertThatThrownBy(() -> LuaNumbers.toLong(LuaValue.valueOf(1.5)))
        .hasMessage("must be a whole number up to 2^53, or a string of digits: 1.5");
    assertThatThrownBy(() -> LuaNumbers.toLong(LuaValue.valueOf(1e300)))
        .hasMessageContaining("1e+300");
    assertThatThrownBy(() -> LuaNumbers.toLong(LuaValue.valueOf("9223372036854775808")))
        .hasMessage("must be an integer of 64 bits: '9223372036854775808'");
    assertThatThrownBy(() -> LuaNumbers.toLong(LuaValue.valueOf("1e3")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> LuaNumbers.toLong(LuaValue.NIL))
        .hasMessage("must be an integer, but is a nil");
    assertThatThrownBy(() -> LuaNumbers.toLong(new LuaTable()))
        .hasMessage("must be an integer, but is a table");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0,0",
    "-0,0,0",
    "00000000000000000000000007,7,7",
    "9223372036854775807,9223372036854775807,9223372036854775807",
    "-9223372036854775808,-9223372036854775808,-9223372036854775808",
    "-9223372036854775809,,",
    "9223372036854775808,,-9223372036854775808",
    "18446744073709551615,,-1",
    "18446744073709551616,,",
    "99999999999999999999,,",
    "'',,",
    "-,,",
    "' 1',,",
    "1.0,,",
  })
  void digitsAreReadExactlyOrNotAtAll(String text, @Nullable Long signed, @Nullable Long unsigned) {
    assertThat(LuaNumbers.readLong(LuaString.valueOf(text), false)).isEqualTo(signed);
    assertThat(LuaNumbers.readLong(LuaString.valueOf(text), true)).isEqualTo(unsigned);
  }
}
