package idserver.rule;

import java.util.function.IntUnaryOperator;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * The {@code string} library of one sandbox, after section 5.4 of the Lua 5.1 manual. Strings are
 * bytes, and letters are those of ASCII. Confined to the thread of its sandbox.
 */
final class StringFunctions {
  /** More values than this do not fit on the stack of real Lua either. */
  private static final int MAX_RESULTS = 8000;

  private final Meter meter;

  private StringFunctions(Meter meter) {
    this.meter = meter;
  }

  /** A new table of the functions, which are also what the methods of strings now mean. */
  static LuaTable create(Meter meter) {
    StringFunctions functions = new StringFunctions(meter);
    PatternFunctions patterns = new PatternFunctions(meter);
    LuaTable table = new LuaTable();
    LibraryFunction.define(table, "byte", functions::bytes);
    LibraryFunction.define(table, "char", functions::character);
    LibraryFunction.define(table, "find", patterns::find);
    LibraryFunction.define(table, "gmatch", patterns::gmatch);
    LibraryFunction.define(table, "gsub", patterns::gsub);
    LibraryFunction.define(table, "len", StringFunctions::length);
    LibraryFunction.define(
        table, "lower", args -> functions.map(args, "lower", LuaCharacters::toLower));
    LibraryFunction.define(table, "match", patterns::match);
    LibraryFunction.define(table, "rep", functions::repeat);
    LibraryFunction.define(table, "reverse", functions::reverse);
    LibraryFunction.define(table, "sub", functions::sub);
    LibraryFunction.define(
        table, "upper", args -> functions.map(args, "upper", LuaCharacters::toUpper));
    table.rawset(LuaValue.valueOf("format"), new FormatFunction(meter));
    meter.bindStringFunctions(
        StringMethods.NAMES.stream()
            .map(name -> table.get(name).checkfunction())
            .toArray(LuaFunction[]::new));
    return table;
  }

  private static Varargs length(Varargs args) {
    return LuaValue.valueOf(LuaArguments.string(args, 1, "len").m_length);
  }

  private Varargs bytes(Varargs args) {
    LuaString string = LuaArguments.string(args, 1, "byte");
    int first = LuaArguments.integer(args, 2, "byte", 1);
    int start = position(string, first);
    int end = position(string, LuaArguments.integer(args, 3, "byte", start));
    start = Math.max(1, start);
    end = Math.min(string.m_length, end);
    int count = end - start + 1;
    if (count <= 0) {
      return LuaValue.NONE;
    }
    if (count == 1) {
      return LuaValue.valueOf(string.luaByte(start - 1));
    }
    if (count > MAX_RESULTS) {
      throw new LuaError("string slice too long");
    }
    meter.charge(count);
    LuaValue[] values = new LuaValue[count];
    for (int i = 0; i < count; i++) {
      values[i] = LuaValue.valueOf(string.luaByte(start - 1 + i));
    }
    return LuaValue.varargsOf(values);
  }

  private Varargs character(Varargs args) {
    int count = args.narg();
    meter.chargeString(count);
    byte[] result = new byte[count];
    for (int i = 1; i <= count; i++) {
      int c = LuaArguments.integer(args, i, "char");
      if (c < 0 || c > 255) {
        throw LuaArguments.bad(i, "char", "invalid value");
      }
      result[i - 1] = (byte) c;
    }
    return LuaString.valueUsing(result);
  }

  private Varargs map(Varargs args, String name, IntUnaryOperator operator) {
    LuaString string = LuaArguments.string(args, 1, name);
    meter.chargeString(string.m_length);
    byte[] result = new byte[string.m_length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (byte) operator.applyAsInt(string.luaByte(i));
    }
    return LuaString.valueUsing(result);
  }

  private Varargs repeat(Varargs args) {
    LuaString string = LuaArguments.string(args, 1, "rep");
    int times = Math.max(0, LuaArguments.integer(args, 2, "rep"));
    long bytes = (long) string.m_length * times;
    meter.chargeString(bytes);
    byte[] result = new byte[(int) bytes];
    for (int i = 0; i < result.length; i += string.m_length) {
      System.arraycopy(string.m_bytes, string.m_offset, result, i, string.m_length);
    }
    return LuaString.valueUsing(result);
  }

  private Varargs reverse(Varargs args) {
    LuaString string = LuaArguments.string(args, 1, "reverse");
    meter.chargeString(string.m_length);
    byte[] result = new byte[string.m_length];
    for (int i = 0; i < result.length; i++) {
      result[i] = (byte) string.luaByte(result.length - 1 - i);
    }
    return LuaString.valueUsing(result);
  }

  private Varargs sub(Varargs args) {
    LuaString string = LuaArguments.string(args, 1, "sub");
    int start = Math.max(1, position(string, LuaArguments.integer(args, 2, "sub")));
    int last = position(string, LuaArguments.integer(args, 3, "sub", -1));
    int end = Math.min(string.m_length, last);
    if (start > end) {
      return LuaValue.EMPTYSTRING;
    }
    meter.chargeString(end - start + 1);
    return string.substring(start - 1, end);
  }

  /** A position from 1; a negative one counts from the end, and 0 stands for before the string. */
  private static int position(LuaString string, int position) {
    return position < 0 ? Math.max(0, string.m_length + position + 1) : position;
  }
}
