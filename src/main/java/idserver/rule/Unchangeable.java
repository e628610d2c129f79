package idserver.rule;

import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** A table that is never altered after it was made. Immutable and thread-safe. */
final class Unchangeable extends LuaTable {
  Unchangeable(LuaTable content) {
    for (Varargs entry = content.next(NIL); !entry.arg1().isnil(); ) {
      super.rawset(entry.arg1(), entry.arg(2));
      entry = content.next(entry.arg1());
    }
  }

  private static LuaError refusal() {
    return new LuaError("attempt to change a read-only table");
  }

  @Override
  public void set(int key, LuaValue value) {
    throw refusal();
  }

  @Override
  public void set(LuaValue key, LuaValue value) {
    throw refusal();
  }

  @Override
  public void rawset(int key, LuaValue value) {
    throw refusal();
  }

  @Override
  public void rawset(LuaValue key, LuaValue value) {
    throw refusal();
  }

  @Override
  public LuaValue remove(int pos) {
    throw refusal();
  }

  @Override
  public void insert(int pos, LuaValue value) {
    throw refusal();
  }

  @Override
  public void sort(LuaValue comparator) {
    throw refusal();
  }

  @Override
  public LuaValue setmetatable(LuaValue metatable) {
    throw refusal();
  }
}
