package idserver.rule;

import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/**
 * The {@code table} library of one sandbox, after section 5.5 of the Lua 5.1 manual; every element
 * touched is paid for. Confined to the thread of its sandbox.
 */
final class TableFunctions {
  private final Meter meter;

  private TableFunctions(Meter meter) {
    this.meter = meter;
  }

  static LuaTable create(Meter meter) {
    TableFunctions functions = new TableFunctions(meter);
    LuaTable table = new LuaTable();
    LibraryFunction.define(table, "concat", functions::concat);
    LibraryFunction.define(table, "insert", functions::insert);
    LibraryFunction.define(table, "maxn", functions::maxn);
    LibraryFunction.define(table, "remove", functions::remove);
    LibraryFunction.define(table, "sort", functions::sort);
    return table;
  }

  private Varargs concat(Varargs args) {
    LuaTable table = LuaArguments.table(args, 1, "concat");
    LuaString separator = LuaArguments.string(args, 2, "concat", LuaValue.EMPTYSTRING);
    int first = LuaArguments.integer(args, 3, "concat", 1);
    int last = args.arg(4).isnil() ? table.rawlen() : LuaArguments.integer(args, 4, "concat");
    LuaText out = new LuaText(meter);
    for (long i = first; i <= last; i++) {
      meter.charge(1);
      LuaValue value = table.rawget((int) i);
      if (value instanceof LuaString string) {
        out.add(string);
      } else if (value instanceof LuaNumber number) {
        out.add(LuaNumbers.text(number));
      } else {
        throw new LuaError(
            "invalid value (" + value.typename() + ") at index " + i + " in table for 'concat'");
      }
      if (i < last) {
        out.add(separator);
      }
    }
    return out.finish();
  }

  private Varargs insert(Varargs args) {
    LuaTable table = LuaArguments.table(args, 1, "insert");
    int end = table.rawlen() + 1;
    switch (args.narg()) {
      case 2 -> table.rawset(end, args.arg(2));
      case 3 -> {
        int position = LuaArguments.integer(args, 2, "insert");
        for (int i = Math.max(end, position); i > position; i--) {
          meter.charge(1);
          table.rawset(i, table.rawget(i - 1));
        }
        table.rawset(position, args.arg(3));
      }
      default -> throw new LuaError("wrong number of arguments to 'insert'");
    }
    return LuaValue.NONE;
  }

  private Varargs remove(Varargs args) {
    LuaTable table = LuaArguments.table(args, 1, "remove");
    int end = table.rawlen();
    int position = LuaArguments.integer(args, 2, "remove", end);
    if (position < 1 || position > end) {
      return LuaValue.NONE;
    }
    LuaValue removed = table.rawget(position);
    for (int i = position; i < end; i++) {
      meter.charge(1);
      table.rawset(i, table.rawget(i + 1));
    }
    table.rawset(end, LuaValue.NIL);
    return removed;
  }

  private Varargs maxn(Varargs args) {
    LuaTable table = LuaArguments.table(args, 1, "maxn");
    double greatest = 0;
    for (Varargs entry = table.next(LuaValue.NIL);
        !entry.arg1().isnil();
        entry = table.next(entry.arg1())) {
      meter.charge(1);
      if (entry.arg1() instanceof LuaNumber number) {
        greatest = Math.max(greatest, number.todouble());
      }
    }
    return LuaValue.valueOf(greatest);
  }

  /** A merge sort, which ends whatever a script's order function answers. */
  private Varargs sort(Varargs args) {
    LuaTable table = LuaArguments.table(args, 1, "sort");
    LuaValue order = meter.bind(args.arg(2));
    if (!order.isnil() && !(order instanceof LuaFunction)) {
      throw LuaArguments.wrongType(args, 2, "sort", "function");
    }
    int count = table.rawlen();
    meter.charge(count);
    LuaValue[] values = new LuaValue[count];
    for (int i = 0; i < count; i++) {
      values[i] = table.rawget(i + 1);
    }
    sort(values.clone(), values, 0, count, order);
    for (int i = 0; i < count; i++) {
      table.rawset(i + 1, values[i]);
    }
    return LuaValue.NONE;
  }

  /** Sorts a range into {@code target}; both arrays hold the same values there at first. */
  private void sort(LuaValue[] source, LuaValue[] target, int start, int end, LuaValue order) {
    if (end - start < 2) {
      return;
    }
    int middle = (start + end) >>> 1;
    sort(target, source, start, middle, order);
    sort(target, source, middle, end, order);
    int left = start;
    int right = middle;
    for (int i = start; i < end; i++) {
      boolean takeRight =
          left == middle || (right < end && isLess(source[right], source[left], order));
      target[i] = takeRight ? source[right++] : source[left++];
    }
  }

  private boolean isLess(LuaValue a, LuaValue b, LuaValue order) {
    meter.charge(1);
    return order.isnil() ? a.lt_b(b) : order.call(a, b).toboolean();
  }
}
