package idserver.rule;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;

/**
 * Numbers between Java and Lua, and between Lua and text. Thread-safe.
 *
 * <p>A Lua number is a double, which holds integers exactly up to 2^53. Larger 64-bit integers
 * travel as strings of decimal digits, which {@code string.format}'s integer options take without
 * going through a double.
 */
final class LuaNumbers {
  /** The largest integer up to which every integer is a double: 2^53. */
  static final long MAX_EXACT = 1L << 53;

  /** What writing a number that is not a plain integer costs, in instructions: a microsecond. */
  static final int SLOW_TEXT_UNITS = 100;

  /** The significant digits of a number turned into text: the manual's {@code %.14g}. */
  private static final int TEXT_DIGITS = 14;

  /** Below this, a whole number's {@code %.14g} is its digits. */
  private static final double PLAIN_LIMIT = 1e14;

  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?");

  /** The largest number that ten times fits in 64 bits. */
  private static final long MAX_UNSIGNED_TENTH = Long.divideUnsigned(-1L, 10);

  private LuaNumbers() {}

  /** The Lua value for any long: a number up to 2^53 either way, else its decimal digits. */
  static LuaValue of(long value) {
    if (value >= -MAX_EXACT && value <= MAX_EXACT) {
      return LuaInteger.valueOf(value);
    }
    return LuaString.valueOf(Long.toString(value));
  }

  /**
   * The exact integer that a script meant.
   *
   * @param value a whole number up to 2^53 either way, or a string that is a decimal integer of 64
   *     bits
   * @throws IllegalArgumentException saying what is wrong with any other value
   */
  static long toLong(LuaValue value) {
    if (value instanceof LuaInteger integer) {
      return integer.v;
    }
    if (value instanceof LuaNumber number) {
      double d = number.todouble();
      if (d == Math.rint(d) && Math.abs(d) <= MAX_EXACT) {
        return (long) d;
      }
      throw new IllegalArgumentException(
          "must be a whole number up to 2^53, or a string of digits: " + text(number));
    }
    if (value instanceof LuaString string) {
      Long exact = readLong(string, false);
      if (exact != null) {
        return exact;
      }
      throw new IllegalArgumentException("must be an integer of 64 bits: '" + string + "'");
    }
    throw new IllegalArgumentException("must be an integer, but is a " + value.typename());
  }

  /** A number's text in Lua: {@code %.14g}, so that 10^15 reads {@code 1e+15}. */
  static LuaString text(LuaNumber number) {
    if (number instanceof LuaInteger) {
      return number.strvalue();
    }
    return LuaString.valueOf(text(number.todouble()));
  }

  private static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < PLAIN_LIMIT) {
      return Long.toString((long) value);
    }
    String sign = value < 0 ? "-" : "";
    return sign + DoubleText.general(Math.abs(value), TEXT_DIGITS, false);
  }

  /**
   * The bits of a decimal integer that fits in 64 of them, signed or (without a minus) unsigned.
   *
   * @return null if the string is anything else
   */
  static @Nullable Long readLong(LuaString text, boolean unsigned) {
    boolean negative = text.m_length > 0 && text.luaByte(0) == '-';
    int start = negative ? 1 : 0;
    long bits = 0;
    for (int i = start; i < text.m_length; i++) {
      int digit = text.luaByte(i) - '0';
      if (digit < 0 || digit > 9 || Long.compareUnsigned(bits, MAX_UNSIGNED_TENTH) > 0) {
        return null;
      }
      long tens = bits * 10;
      bits = tens + digit;
      if (Long.compareUnsigned(bits, tens) < 0) {
        return null;
      }
    }
    boolean fits = bits >= 0 || (negative ? bits == Long.MIN_VALUE : unsigned);
    return start < text.m_length && fits ? Long.valueOf(negative ? -bits : bits) : null;
  }

  /**
   * Reads a string as Lua 5.1 reads numbers: white space, decimal with fraction and exponent, or
   * hexadecimal with 0x.
   *
   * @return null if it is none
   */
  static @Nullable Double read(LuaString text) {
    String digits = trim(text);
    if (DECIMAL.matcher(digits).matches()) {
      return Double.valueOf(digits);
    }
    String unsigned =
        digits.startsWith("-") || digits.startsWith("+") ? digits.substring(1) : digits;
    if (unsigned.startsWith("0x") || unsigned.startsWith("0X")) {
      Double value = read(unsigned.substring(2), 16);
      return value == null || !digits.startsWith("-") ? value : Double.valueOf(-value);
    }
    return null;
  }

  /**
   * Reads a whole number in a base from 2 to 36.
   *
   * @return null if the string is none, or is longer than 64 bits
   */
  static @Nullable Double read(LuaString text, int base) {
    String digits = trim(text);
    if (base == 16 && (digits.startsWith("0x") || digits.startsWith("0X"))) {
      digits = digits.substring(2);
    }
    return read(digits, base);
  }

  private static @Nullable Double read(String digits, int base) {
    if (digits.startsWith("+")) {
      return null;
    }
    try {
      if (digits.startsWith("-")) {
        return (double) Long.parseLong(digits, base);
      }
      long bits = Long.parseUnsignedLong(digits, base);
      return bits >= 0 ? (double) bits : unsignedDouble(bits);
    } catch (NumberFormatException e) {
      return null;
    }
  }

  private static double unsignedDouble(long bits) {
    // halves, keeping the lost bit so that the rounding comes out the same
    return ((bits >>> 1) | (bits & 1)) * 2.0;
  }

  private static String trim(LuaString text) {
    int start = 0;
    int end = text.m_length;
    while (start < end && LuaCharacters.isSpace(text.luaByte(start))) {
      start++;
    }
    while (end > start && LuaCharacters.isSpace(text.luaByte(end - 1))) {
      end--;
    }
    return text.substring(start, end).tojstring();
  }
}
