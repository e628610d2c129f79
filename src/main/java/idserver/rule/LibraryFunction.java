package idserver.rule;

import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;

/** A function of the sandbox's library, written as a lambda. As thread-safe as its body. */
final class LibraryFunction extends VarArgFunction {
  /** What the function does with its arguments. */
  @FunctionalInterface
  interface Body {
    Varargs call(Varargs args);
  }

  private final Body body;

  LibraryFunction(Body body) {
    this.body = body;
  }

  static void define(LuaTable table, String name, Body body) {
    table.rawset(LuaValue.valueOf(name), new LibraryFunction(body));
  }

  @Override
  public Varargs invoke(Varargs args) {
    return body.call(args);
  }
}
