package idserver.rule;

import java.util.List;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.MathLib;
import org.luaj.vm2.lib.VarArgFunction;
import org.luaj.vm2.lib.jse.JseMathLib;

/**
 * What {@code ("text"):name()} finds. Immutable and thread-safe.
 *
 * <p>The interpreter has one metatable of strings for the whole JVM, while the functions belong to
 * one sandbox and spend its budget. So the shared table holds placeholders, which {@link Meter}
 * replaces by the sandbox's own function when one is called. No script can get hold of the table.
 */
final class StringMethods {
  static final List<String> NAMES =
      List.of(
          "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "rep",
          "reverse", "sub", "upper");

  static {
    LuaTable methods = new LuaTable();
    for (int i = 0; i < NAMES.size(); i++) {
      methods.rawset(LuaValue.valueOf(NAMES.get(i)), new Method(i));
    }
    LuaTable metatable = new LuaTable();
    metatable.rawset(LuaValue.INDEX, new Unchangeable(methods));
    LuaString.s_metatable = new Unchangeable(metatable);
    // the operator ^ goes through this one; without it the interpreter's own power is imprecise
    MathLib.MATHLIB = new JseMathLib();
  }

  private StringMethods() {}

  /** Puts the metatable in force. Costs nothing after the first time. */
  static void install() {
    // done once, by the static initialiser
  }

  /** Stands for the string function of that index in whichever sandbox calls it. */
  static final class Method extends VarArgFunction {
    private final int index;

    Method(int index) {
      this.index = index;
    }

    int index() {
      return index;
    }

    /** Reached only where nothing can be replaced, as in a metatable made by the script. */
    @Override
    public Varargs invoke(Varargs args) {
      String name = NAMES.get(index);
      throw new LuaError("use string." + name + " rather than (\"\")." + name + " here");
    }
  }
}
