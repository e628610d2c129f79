package idserver.rule;

import java.nio.charset.StandardCharsets;

/**
 * Writes 64-bit integers as C's printf does. Confined to the thread of its sandbox.
 *
 * <p>On the hot path of every id: it makes no garbage.
 */
final class IntegerFormat {
  /** The longest precision, 99, is longer than any number. */
  private static final int CAPACITY = 104;

  private static final byte[] LOWER = ascii("0123456789abcdef");
  private static final byte[] UPPER = ascii("0123456789ABCDEF");

  private final byte[] digits = new byte[CAPACITY];

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** C's {@code %d} and {@code %i}. */
  void signed(LuaText out, FormatItem item, long value) {
    // the negation of the smallest value is right when read as unsigned
    int start = decimal(value < 0 ? -value : value);
    String sign = value < 0 ? "-" : item.positiveSign();
    finish(out, item, sign, value == 0, start);
  }

  /**
   * C's {@code %u}, {@code %o}, {@code %x} and {@code %X}.
   *
   * @param bits an unsigned number
   */
  void unsigned(LuaText out, FormatItem item, long bits, char conversion) {
    int start =
        switch (conversion) {
          case 'o' -> octal(item, bits);
          case 'x' -> power(bits, 4, LOWER);
          case 'X' -> power(bits, 4, UPPER);
          default -> decimal(bits);
        };
    String prefix = "";
    if (item.alternate && bits != 0) {
      prefix = conversion == 'x' ? "0x" : conversion == 'X' ? "0X" : "";
    }
    boolean nothingAtZero = bits == 0 && !(conversion == 'o' && item.alternate);
    finish(out, item, prefix, nothingAtZero, start);
  }

  private int octal(FormatItem item, long bits) {
    int start = power(bits, 3, LOWER);
    if (item.alternate && bits != 0) {
      digits[--start] = '0';
    }
    return start;
  }

  private int decimal(long bits) {
    int start = CAPACITY;
    long rest = bits;
    if (rest < 0) {
      long tenth = Long.divideUnsigned(rest, 10);
      digits[--start] = (byte) ('0' + (rest - tenth * 10));
      rest = tenth;
    }
    while (rest > Integer.MAX_VALUE) {
      long tenth = rest / 10;
      digits[--start] = (byte) ('0' + (rest - tenth * 10));
      rest = tenth;
    }
    int small = (int) rest;
    do {
      int tenth = small / 10;
      digits[--start] = (byte) ('0' + small - tenth * 10);
      small = tenth;
    } while (small != 0);
    return start;
  }

  private int power(long bits, int shift, byte[] alphabet) {
    int start = CAPACITY;
    int mask = (1 << shift) - 1;
    long rest = bits;
    do {
      digits[--start] = alphabet[(int) rest & mask];
      rest >>>= shift;
    } while (rest != 0);
    return start;
  }

  private void finish(
      LuaText out, FormatItem item, String prefix, boolean nothingAtZero, int from) {
    int start = from;
    if (item.precision == 0 && nothingAtZero) {
      start = CAPACITY;
    }
    while (CAPACITY - start < item.precision) {
      digits[--start] = '0';
    }
    item.pad(out, prefix, digits, start, CAPACITY - start, item.precision < 0);
  }
}
