package idserver.rule;

import org.luaj.vm2.LuaError;

/**
 * One conversion of a format string: flags, width, precision. Reused from item to item; confined to
 * the thread of its sandbox.
 */
final class FormatItem {
  /** Lua counts the flags, not the different ones. */
  private static final int MAX_FLAGS = 5;

  boolean left;
  boolean plus;
  boolean space;
  boolean alternate;
  boolean zero;
  int width;

  /** Digits of precision, or -1 if none was given. */
  int precision;

  /**
   * Reads what stands between the percent sign and the letter of the conversion.
   *
   * @return where the letter should be
   */
  int parse(byte[] format, int start, int end) {
    left = plus = space = alternate = zero = false;
    width = 0;
    precision = -1;
    int at = start;
    while (at < end && flag(format[at])) {
      at++;
    }
    if (at - start > MAX_FLAGS) {
      throw new LuaError("invalid format (repeated flags)");
    }
    int widthEnd = digitsEnd(format, at, end);
    width = value(format, at, widthEnd);
    at = widthEnd;
    if (at < end && format[at] == '.') {
      int precisionEnd = digitsEnd(format, at + 1, end);
      precision = value(format, at + 1, precisionEnd);
      at = precisionEnd;
    }
    if (at < end && LuaCharacters.isDigit(format[at])) {
      throw new LuaError("invalid format (width or precision too long)");
    }
    return at;
  }

  private boolean flag(byte c) {
    switch (c) {
      case '-' -> left = true;
      case '+' -> plus = true;
      case ' ' -> space = true;
      case '#' -> alternate = true;
      case '0' -> zero = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  private static int digitsEnd(byte[] format, int start, int end) {
    int at = start;
    while (at < end && at < start + 2 && LuaCharacters.isDigit(format[at])) {
      at++;
    }
    return at;
  }

  private static int value(byte[] format, int start, int end) {
    int value = 0;
    for (int i = start; i < end; i++) {
      value = value * 10 + format[i] - '0';
    }
    return value;
  }

  /** What stands before a number that is not negative. */
  String positiveSign() {
    return plus ? "+" : space ? " " : "";
  }

  /**
   * Adds a prefix and a body, filled up to the width.
   *
   * @param zeros whether a flag 0 fills with zeros between the two, rather than with blanks
   */
  void pad(LuaText out, String prefix, byte[] body, int start, int count, boolean zeros) {
    int missing = width - prefix.length() - count;
    boolean zeroFilled = zeros && zero && !left;
    if (!left && !zeroFilled) {
      out.fill(' ', missing);
    }
    out.add(prefix);
    if (zeroFilled) {
      out.fill('0', missing);
    }
    out.add(body, start, count);
    if (left) {
      out.fill(' ', missing);
    }
  }
}
