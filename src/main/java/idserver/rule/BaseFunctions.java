package idserver.rule;

import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * The global functions of one sandbox: those of section 5.1 of the Lua 5.1 manual that reach
 * nothing outside. Confined to the thread of its sandbox.
 *
 * <p>Whatever loads code, prints, collects garbage or catches errors is left out. The latter would
 * catch what ends a script, too.
 */
final class BaseFunctions {
  /** As many values as the stack of real Lua holds. */
  private static final int MAX_UNPACKED = 8000;

  private final Meter meter;
  private final LuaFunction next;
  private final LuaFunction ipairsStep;

  private BaseFunctions(Meter meter) {
    this.meter = meter;
    this.next = new LibraryFunction(args -> LuaArguments.table(args, 1, "next").next(args.arg(2)));
    this.ipairsStep = new LibraryFunction(BaseFunctions::ipairsStep);
  }

  static void install(Globals globals, Meter meter) {
    BaseFunctions functions = new BaseFunctions(meter);
    globals.rawset(LuaValue.valueOf("_G"), globals);
    globals.rawset(LuaValue.valueOf("_VERSION"), LuaValue.valueOf("Lua 5.1"));
    globals.rawset(LuaValue.valueOf("next"), functions.next);
    LibraryFunction.define(globals, "assert", BaseFunctions::assertTrue);
    LibraryFunction.define(globals, "error", BaseFunctions::error);
    LibraryFunction.define(globals, "getmetatable", BaseFunctions::getMetatable);
    LibraryFunction.define(globals, "ipairs", functions::ipairs);
    LibraryFunction.define(globals, "pairs", functions::pairs);
    LibraryFunction.define(globals, "rawequal", BaseFunctions::rawEqual);
    LibraryFunction.define(globals, "rawget", BaseFunctions::rawGet);
    LibraryFunction.define(globals, "rawset", BaseFunctions::rawSet);
    LibraryFunction.define(globals, "select", BaseFunctions::select);
    LibraryFunction.define(globals, "setmetatable", BaseFunctions::setMetatable);
    LibraryFunction.define(globals, "tonumber", BaseFunctions::toNumber);
    LibraryFunction.define(globals, "tostring", functions::toText);
    LibraryFunction.define(globals, "type", BaseFunctions::type);
    LibraryFunction.define(globals, "unpack", functions::unpack);
  }

  private static Varargs assertTrue(Varargs args) {
    if (LuaArguments.any(args, 1, "assert").toboolean()) {
      return args;
    }
    LuaString usual = LuaValue.valueOf("assertion failed!");
    throw new LuaError(LuaArguments.string(args, 2, "assert", usual).tojstring());
  }

  private static Varargs error(Varargs args) {
    LuaValue message = args.arg1();
    int level = LuaArguments.integer(args, 2, "error", 1);
    String text =
        message instanceof LuaString
            ? message.tojstring()
            : message instanceof LuaNumber number
                ? LuaNumbers.text(number).tojstring()
                : "(error object is a " + message.typename() + " value)";
    throw new LuaError(text, level);
  }

  /** Only tables show their metatable: others belong to the host or are shared by all scripts. */
  private static Varargs getMetatable(Varargs args) {
    LuaValue value = LuaArguments.any(args, 1, "getmetatable");
    LuaValue metatable = value instanceof LuaTable ? value.getmetatable() : null;
    if (metatable == null) {
      return LuaValue.NIL;
    }
    LuaValue shown = metatable.rawget(LuaValue.METATABLE);
    return shown.isnil() ? metatable : shown;
  }

  private static Varargs setMetatable(Varargs args) {
    LuaTable table = LuaArguments.table(args, 1, "setmetatable");
    LuaValue metatable = args.arg(2);
    if (args.narg() < 2 || !(metatable.isnil() || metatable.istable())) {
      throw LuaArguments.bad(2, "setmetatable", "nil or table expected");
    }
    LuaValue old = table.getmetatable();
    if (old != null && !old.rawget(LuaValue.METATABLE).isnil()) {
      throw new LuaError("cannot change a protected metatable");
    }
    return table.setmetatable(metatable.isnil() ? null : metatable);
  }

  private Varargs pairs(Varargs args) {
    return LuaValue.varargsOf(next, LuaArguments.table(args, 1, "pairs"), LuaValue.NIL);
  }

  private Varargs ipairs(Varargs args) {
    return LuaValue.varargsOf(ipairsStep, LuaArguments.table(args, 1, "ipairs"), LuaValue.ZERO);
  }

  private static Varargs ipairsStep(Varargs args) {
    int index = LuaArguments.integer(args, 2, "ipairs") + 1;
    LuaValue value = LuaArguments.table(args, 1, "ipairs").rawget(index);
    return value.isnil() ? LuaValue.NIL : LuaValue.varargsOf(LuaValue.valueOf(index), value);
  }

  private static Varargs rawEqual(Varargs args) {
    LuaValue first = LuaArguments.any(args, 1, "rawequal");
    return LuaValue.valueOf(first.raweq(LuaArguments.any(args, 2, "rawequal")));
  }

  private static Varargs rawGet(Varargs args) {
    LuaTable table = LuaArguments.table(args, 1, "rawget");
    return table.rawget(LuaArguments.any(args, 2, "rawget"));
  }

  private static Varargs rawSet(Varargs args) {
    LuaTable table = LuaArguments.table(args, 1, "rawset");
    LuaValue key = LuaArguments.any(args, 2, "rawset");
    LuaValue value = LuaArguments.any(args, 3, "rawset");
    if (!key.isvalidkey()) {
      throw new LuaError("table index is " + (key.isnil() ? "nil" : "NaN"));
    }
    table.rawset(key, value);
    return table;
  }

  private static Varargs select(Varargs args) {
    int count = args.narg() - 1;
    if (args.arg1() instanceof LuaString string
        && string.m_length > 0
        && string.luaByte(0) == '#') {
      return LuaValue.valueOf(count);
    }
    int position = LuaArguments.integer(args, 1, "select");
    int first = position < 0 ? count + position + 1 : position;
    if (first < 1) {
      throw LuaArguments.bad(1, "select", "index out of range");
    }
    return first > count ? LuaValue.NONE : args.subargs(first + 1);
  }

  private static Varargs toNumber(Varargs args) {
    LuaValue value = LuaArguments.any(args, 1, "tonumber");
    int base = LuaArguments.integer(args, 2, "tonumber", 10);
    Double number;
    if (base == 10) {
      if (value instanceof LuaNumber) {
        return value;
      }
      number = value instanceof LuaString string ? LuaNumbers.read(string) : null;
    } else {
      LuaString string = LuaArguments.string(args, 1, "tonumber");
      if (base < Character.MIN_RADIX || base > Character.MAX_RADIX) {
        throw LuaArguments.bad(2, "tonumber", "base out of range");
      }
      number = LuaNumbers.read(string, base);
    }
    return number == null ? LuaValue.NIL : LuaValue.valueOf(number);
  }

  private Varargs toText(Varargs args) {
    LuaValue value = LuaArguments.any(args, 1, "tostring");
    if (value instanceof LuaString) {
      return value;
    }
    if (value instanceof LuaNumber number) {
      meter.charge(number.isinttype() ? 1 : LuaNumbers.SLOW_TEXT_UNITS);
      return LuaNumbers.text(number);
    }
    LuaValue custom = value instanceof LuaTable ? value.metatag(LuaValue.TOSTRING) : LuaValue.NIL;
    if (!custom.isnil()) {
      return meter.bind(custom).call(value);
    }
    if (value.isnil() || value.isboolean()) {
      return LuaValue.valueOf(value.tojstring());
    }
    // not the interpreter's text, which names Java classes
    int identity = System.identityHashCode(value);
    return LuaValue.valueOf(value.typename() + ": 0x" + Integer.toHexString(identity));
  }

  private static Varargs type(Varargs args) {
    return LuaValue.valueOf(LuaArguments.any(args, 1, "type").typename());
  }

  private Varargs unpack(Varargs args) {
    LuaTable table = LuaArguments.table(args, 1, "unpack");
    int first = LuaArguments.integer(args, 2, "unpack", 1);
    int last = args.arg(3).isnil() ? table.rawlen() : LuaArguments.integer(args, 3, "unpack");
    long count = (long) last - first + 1;
    if (count <= 0) {
      return LuaValue.NONE;
    }
    if (count > MAX_UNPACKED) {
      throw new LuaError("too many results to unpack");
    }
    meter.charge((int) count);
    LuaValue[] values = new LuaValue[(int) count];
    for (int i = 0; i < values.length; i++) {
      values[i] = table.rawget(first + i);
    }
    return LuaValue.varargsOf(values);
  }
}
