package idserver.rule;

import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * Reads arguments of library functions as Lua 5.1 does, with its texts for those that do not fit.
 * Arguments count from 1.
 */
final class LuaArguments {
  private LuaArguments() {}

  static LuaError bad(int index, String function, String what) {
    return new LuaError("bad argument #" + index + " to '" + function + "' (" + what + ")");
  }

  static LuaError wrongType(Varargs args, int index, String function, String expected) {
    String got = index > args.narg() ? "no value" : args.arg(index).typename();
    return bad(index, function, expected + " expected, got " + got);
  }

  static LuaValue any(Varargs args, int index, String function) {
    if (index > args.narg()) {
      throw bad(index, function, "value expected");
    }
    return args.arg(index);
  }

  /** A string, or a number as text. */
  static LuaString string(Varargs args, int index, String function) {
    LuaValue value = args.arg(index);
    if (value instanceof LuaString string) {
      return string;
    }
    if (value instanceof LuaNumber number) {
      return LuaNumbers.text(number);
    }
    throw wrongType(args, index, function, "string");
  }

  static LuaString string(Varargs args, int index, String function, LuaString otherwise) {
    return args.arg(index).isnil() ? otherwise : string(args, index, function);
  }

  static LuaTable table(Varargs args, int index, String function) {
    if (args.arg(index) instanceof LuaTable table) {
      return table;
    }
    throw wrongType(args, index, function, "table");
  }

  /** A number, or a string that Lua reads as one. */
  static double number(Varargs args, int index, String function) {
    LuaValue value = args.arg(index);
    if (value instanceof LuaNumber) {
      return value.todouble();
    }
    if (value instanceof LuaString string) {
      Double read = LuaNumbers.read(string);
      if (read != null) {
        return read;
      }
    }
    throw wrongType(args, index, function, "number");
  }

  /** A number without its fraction, brought into the range of an int. */
  static int integer(Varargs args, int index, String function) {
    return (int) number(args, index, function);
  }

  static int integer(Varargs args, int index, String function, int otherwise) {
    return args.arg(index).isnil() ? otherwise : integer(args, index, function);
  }
}
