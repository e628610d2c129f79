package idserver.rule;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaInteger;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;

/**
 * {@code string.format} of Lua 5.1.5, byte for byte. Confined to the thread of its sandbox.
 *
 * <p>Beyond it, the integer conversions take a string that is a decimal integer of 64 bits exactly,
 * and refuse a number that no 64 bits hold, where C leaves the result open. Where C's text depends
 * on the machine: NaN reads {@code nan}, and flag 0 fills strings with blanks.
 */
final class FormatFunction extends VarArgFunction {
  private static final String NAME = "format";
  private static final int DEFAULT_PRECISION = 6;
  private static final double TWO_63 = 0x1p63;
  private static final double TWO_64 = 0x1p64;

  /** From this length on Lua adds a string as it is, zero bytes included. */
  private static final int LONG_STRING = 100;

  private final Meter meter;
  private final LuaText out;
  private final FormatItem item = new FormatItem();
  private final IntegerFormat integers = new IntegerFormat();

  FormatFunction(Meter meter) {
    this.meter = meter;
    this.out = new LuaText(meter);
  }

  @Override
  public Varargs invoke(Varargs args) {
    LuaString format = LuaArguments.string(args, 1, NAME);
    meter.chargeString(format.m_length);
    byte[] bytes = format.m_bytes;
    int at = format.m_offset;
    int end = at + format.m_length;
    int argument = 1;
    int arguments = args.narg();
    out.clear();
    while (at < end) {
      byte c = bytes[at++];
      if (c != '%') {
        out.add(c);
      } else if (at < end && bytes[at] == '%') {
        out.add('%');
        at++;
      } else {
        if (++argument > arguments) {
          throw LuaArguments.bad(argument, NAME, "no value");
        }
        at = item.parse(bytes, at, end);
        convert(at < end ? (char) (bytes[at] & 0xff) : 0, args, argument);
        at++;
      }
    }
    return out.finish();
  }

  private void convert(char conversion, Varargs args, int argument) {
    switch (conversion) {
      case 'd', 'i' -> integers.signed(out, item, bits(args, argument, false));
      case 'u', 'o', 'x', 'X' ->
          integers.unsigned(out, item, bits(args, argument, true), conversion);
      case 's' -> string(LuaArguments.string(args, argument, NAME));
      case 'c' -> character((int) LuaArguments.number(args, argument, NAME));
      case 'e', 'E', 'f', 'g', 'G' ->
          decimal(conversion, LuaArguments.number(args, argument, NAME));
      case 'q' -> quote(LuaArguments.string(args, argument, NAME));
      default -> {
        // C's strings end at a zero byte, and so does the text of this error
        String shown = conversion == 0 ? "" : String.valueOf(conversion);
        throw new LuaError("invalid option '%" + shown + "' to 'format'");
      }
    }
  }

  private long bits(Varargs args, int argument, boolean unsigned) {
    LuaValue value = args.arg(argument);
    if (value instanceof LuaInteger integer) {
      return integer.v;
    }
    if (value instanceof LuaString string) {
      Long exact = LuaNumbers.readLong(string, unsigned);
      if (exact != null) {
        return exact;
      }
    }
    double number = LuaArguments.number(args, argument, NAME);
    if (number >= -TWO_63 && number < TWO_63) {
      return (long) number;
    }
    if (unsigned && number >= TWO_63 && number < TWO_64) {
      return (long) (number - TWO_63) | Long.MIN_VALUE;
    }
    throw LuaArguments.bad(argument, NAME, "number has no 64-bit integer representation");
  }

  private void string(LuaString value) {
    int length = value.m_length;
    if (item.precision >= 0 || length < LONG_STRING) {
      int zero = value.indexOf((byte) 0, 0);
      length = zero < 0 ? length : zero;
    }
    if (item.precision >= 0) {
      length = Math.min(length, item.precision);
    }
    item.pad(out, "", value.m_bytes, value.m_offset, length, false);
  }

  /** Lua measures C's output as a string, so that a zero byte ends it. */
  private void character(int c) {
    byte[] body = {(byte) c};
    if (body[0] != 0) {
      item.pad(out, "", body, 0, 1, false);
    } else if (!item.left) {
      out.fill(' ', item.width - 1);
    }
  }

  private void decimal(char conversion, double value) {
    meter.charge(LuaNumbers.SLOW_TEXT_UNITS);
    double magnitude = Math.abs(value);
    int precision = item.precision < 0 ? DEFAULT_PRECISION : item.precision;
    String text =
        switch (conversion) {
          case 'f' -> DoubleText.fixed(magnitude, precision, item.alternate);
          case 'e', 'E' -> DoubleText.exponential(magnitude, precision, item.alternate);
          default -> DoubleText.general(magnitude, precision, item.alternate);
        };
    if (conversion == 'E' || conversion == 'G') {
      text = text.toUpperCase(Locale.ROOT);
    }
    boolean negative = Math.copySign(1, value) < 0 && !Double.isNaN(value);
    byte[] body = text.getBytes(StandardCharsets.US_ASCII);
    String sign = negative ? "-" : item.positiveSign();
    item.pad(out, sign, body, 0, body.length, Double.isFinite(value));
  }

  private void quote(LuaString value) {
    out.add('"');
    for (int i = 0; i < value.m_length; i++) {
      int c = value.luaByte(i);
      @Nullable String escaped =
          switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\n' -> "\\\n";
            case '\r' -> "\\r";
            case 0 -> "\\000";
            default -> null;
          };
      if (escaped == null) {
        out.add(c);
      } else {
        out.add(escaped);
      }
    }
    out.add('"');
  }
}
