package idserver.rule;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaClosure;
import org.luaj.vm2.LuaDouble;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaFunction;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.DebugLib;

/**
 * What one sandbox spends: the interpreter reports every instruction here before it runs. Confined
 * to the thread that runs the sandbox.
 *
 * <p>The currency is the instruction. Work whose size an instruction does not show (bytes of a
 * string, elements moved, steps of a pattern) is charged on top, so that the budget bounds time and
 * memory alike. As the interpreter's own tables and comparisons can make single instructions slow,
 * there is a limit of time behind the budget.
 */
final class Meter extends DebugLib {
  /**
   * The longest string a script may make. Ids are tens of bytes long; this leaves room for play.
   */
  static final int MAX_STRING_BYTES = 64 * 1024;

  /**
   * How deep calls may nest. A frame of the interpreter takes about half a kilobyte of the Java
   * stack, so that even a small thread stack holds twice this.
   */
  static final int MAX_DEPTH = 200;

  /** Looking at the clock once in so many instructions costs nothing that can be measured. */
  private static final int CHUNK = 1024;

  /** Many times what the whole budget takes, for machines that are slow, cold or busy. */
  private static final long MAX_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** Copying eight bytes and keeping them is about as dear as one instruction. */
  private static final int BYTES_PER_UNIT_SHIFT = 3;

  /** The instructions that {@link #inspect} wants to see, one bit each. */
  private static final long INSPECTED =
      1L << Lua.OP_CALL
          | 1L << Lua.OP_CONCAT
          | 1L << Lua.OP_NEWTABLE
          | 1L << Lua.OP_VARARG
          | 1L << Lua.OP_SETLIST;

  private static final int[] NO_CODE = {};
  private static final LuaValue[] NO_STACK = {};

  /** What is left of the current chunk; below zero means {@link #nextChunk} has to be asked. */
  private int chunk;

  /** What is left of the budget beyond the current chunk. */
  private int reserve;

  private boolean timed;
  private long startNanos;

  private int depth;
  private int pc;
  private int[] code = NO_CODE;
  private LuaValue[] stack = NO_STACK;
  private final @Nullable LuaClosure[] closures = new @Nullable LuaClosure[MAX_DEPTH + 1];
  private final LuaValue[][] stacks = new LuaValue[MAX_DEPTH + 1][];
  private final Varargs[] extras = new Varargs[MAX_DEPTH + 1];
  private final int[] pcs = new int[MAX_DEPTH + 1];

  private LuaFunction[] stringFunctions = {};
  private @Nullable String place;
  private String innermost = "";

  Meter() {
    Arrays.fill(stacks, NO_STACK);
    Arrays.fill(extras, LuaValue.NONE);
  }

  /** The functions behind {@code ("text"):name()}, in the order of {@link StringMethods#NAMES}. */
  void bindStringFunctions(LuaFunction[] functions) {
    stringFunctions = functions;
  }

  /**
   * Starts a call with a fresh budget, whatever state the last one was left in.
   *
   * @param budget instructions, at least 1024
   */
  void start(int budget) {
    chunk = CHUNK;
    reserve = budget - CHUNK;
    timed = false;
    depth = 0;
    place = null;
  }

  /** What is left of the budget of the last {@link #start}, 0 or more. */
  int left() {
    return reserve + Math.max(0, chunk);
  }

  /** Spends {@code units} instructions, at least 0 and at most a million at once. */
  void charge(int units) {
    chunk -= units;
    if (chunk < 0) {
      nextChunk();
    }
  }

  /** Spends what making a string of so many bytes costs, and refuses one that is too long. */
  void chargeString(long bytes) {
    if (bytes > MAX_STRING_BYTES) {
      throw new LuaError("string longer than " + MAX_STRING_BYTES + " bytes");
    }
    charge((int) (bytes >> BYTES_PER_UNIT_SHIFT));
  }

  private void nextChunk() {
    reserve += chunk;
    if (reserve < 0) {
      chunk = 0;
      reserve = 0;
      throw new LuaError("too many instructions");
    }
    long now = System.nanoTime();
    if (!timed) {
      timed = true;
      startNanos = now;
    } else if (now - startNanos > MAX_NANOS) {
      throw new LuaError("took longer than " + TimeUnit.NANOSECONDS.toMillis(MAX_NANOS) + " ms");
    }
    chunk = Math.min(CHUNK, reserve);
    reserve -= chunk;
  }

  @Override
  public void onInstruction(int pc, Varargs v, int top) {
    if (--chunk < 0) {
      nextChunk();
    }
    this.pc = pc;
    int instruction = code[pc];
    // a shift looks at the low six bits only, and those are the operation
    if ((INSPECTED >>> instruction & 1L) != 0) {
      inspect(instruction, top);
    }
  }

  private void inspect(int instruction, int top) {
    int a = Lua.GETARG_A(instruction);
    switch (Lua.GET_OPCODE(instruction)) {
      case Lua.OP_CALL -> {
        if (stack[a] instanceof StringMethods.Method method) {
          stack[a] = bind(method);
        }
      }
      case Lua.OP_CONCAT -> concat(Lua.GETARG_B(instruction), Lua.GETARG_C(instruction));
      case Lua.OP_NEWTABLE -> charge(Lua.GETARG_B(instruction) + Lua.GETARG_C(instruction));
      case Lua.OP_VARARG -> charge(extras[depth].narg());
      case Lua.OP_SETLIST -> {
        int count = Lua.GETARG_B(instruction);
        charge(count > 0 ? count : Math.max(0, top - a));
      }
      default -> throw new AssertionError(instruction);
    }
  }

  /**
   * The registers of a concatenation are copies made for it, so a number can be replaced by the
   * text that Lua gives it, which is not the one the interpreter would.
   */
  private void concat(int first, int last) {
    long bytes = 0;
    for (int i = first; i <= last; i++) {
      LuaValue value = stack[i];
      if (value instanceof LuaString string) {
        bytes += string.m_length;
      } else if (value instanceof LuaDouble number) {
        LuaString text = LuaNumbers.text(number);
        charge(LuaNumbers.SLOW_TEXT_UNITS);
        bytes += text.m_length;
        stack[i] = text;
      } else if (!(value instanceof LuaNumber)) {
        charge(MAX_STRING_BYTES >> BYTES_PER_UNIT_SHIFT);
      }
    }
    chargeString(bytes);
  }

  /** What a call of {@code function} has to reach: this sandbox's own string functions. */
  LuaValue bind(LuaValue function) {
    return function instanceof StringMethods.Method method
        ? stringFunctions[method.index()]
        : function;
  }

  @Override
  public void onCall(LuaFunction function) {
    // library functions have no frame
  }

  @Override
  public void onCall(LuaClosure closure, Varargs varargs, LuaValue[] registers) {
    if (depth == MAX_DEPTH) {
      throw new LuaError("calls nested deeper than " + MAX_DEPTH);
    }
    pcs[depth] = pc;
    depth++;
    closures[depth] = closure;
    stacks[depth] = registers;
    extras[depth] = varargs;
    stack = registers;
    code = closure.p.code;
    pc = 0;
  }

  @Override
  public void onReturn() {
    // a stack overflow can come before the frame is entered
    if (depth == 0) {
      return;
    }
    depth--;
    LuaClosure caller = closures[depth];
    stack = stacks[depth];
    code = caller == null ? NO_CODE : caller.p.code;
    pc = pcs[depth];
  }

  /** Called by the interpreter where an error leaves Lua code, while the frames still stand. */
  @Override
  public String traceback(int level) {
    place = position(depth - Math.max(0, level - 1));
    innermost = String.valueOf(position(depth));
    return "";
  }

  private @Nullable String position(int frame) {
    LuaClosure closure = frame > 0 ? closures[frame] : null;
    if (closure == null) {
      return null;
    }
    Prototype p = closure.p;
    int at = frame == depth ? pc : pcs[frame];
    String line = at < p.lineinfo.length ? String.valueOf(p.lineinfo[at]) : "?";
    return p.source.tojstring() + ":" + line;
  }

  /** Where the last error happened, as {@code =name:line}, or null if not in Lua code. */
  @Nullable String place() {
    return place;
  }

  /** The text that the interpreter put before the last error's message. */
  String prefix() {
    return innermost + " ";
  }
}
