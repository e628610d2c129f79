package idserver.rule;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.luaj.vm2.Globals;
import org.luaj.vm2.Lua;
import org.luaj.vm2.LuaClosure;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Prototype;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.compiler.LuaC;

/**
 * One Lua script with everything it can reach: its own globals, the parts of Lua's library that
 * touch nothing outside, {@code check} and {@code permute}, and the objects that a call hands to
 * it. Every call has a budget of instructions and memory. Confined to one thread at a time, and not
 * reentrant.
 *
 * <p>Globals that a script assigns stay for its next call.
 */
final class LuaSandbox {
  /** A rule has some kilobytes; compiling is not metered, so its input is bounded. */
  static final int MAX_SOURCE_BYTES = 256 * 1024;

  /** Enough to fill a table of thousands of entries, and done in some milliseconds. */
  static final int LOAD_BUDGET = 1_000_000;

  /**
   * Some thousand times what a rule needs, and spent within a few milliseconds. What a script can
   * keep of it is some tens of megabytes at most.
   */
  static final int CALL_BUDGET = 200_000;

  private static final int LAST_CHARACTER = 127;
  private static final int MAX_MESSAGE = 300;
  private static final int OPERATION_MASK = 0x3f;

  private static final Pattern TOKEN =
      Pattern.compile("(?<=unexpected symbol) ([0-9]{1,4}) \\((.)\\)$", Pattern.DOTALL);

  private final Globals globals = new Globals();
  private final Meter meter = new Meter();
  private final String chunkName;

  private LuaSandbox(String chunkName, Random random) {
    this.chunkName = chunkName;
    StringMethods.install();
    BaseFunctions.install(globals, meter);
    globals.rawset(LuaValue.valueOf("string"), StringFunctions.create(meter));
    globals.rawset(LuaValue.valueOf("table"), TableFunctions.create(meter));
    globals.rawset(LuaValue.valueOf("math"), MathFunctions.create(random));
    globals.rawset(LuaValue.valueOf("check"), CheckFunctions.create(meter));
    globals.rawset(LuaValue.valueOf("permute"), new PermuteFunction(meter));
    globals.debuglib = meter;
  }

  /**
   * Compiles a script and runs it once, which defines its functions.
   *
   * @param chunkName what messages call the script: its file name
   * @param source at most {@link #MAX_SOURCE_BYTES} bytes of UTF-8; never a precompiled chunk
   * @throws ScriptException if it is not Lua, fails, or spends more than {@link #LOAD_BUDGET}
   */
  static LuaSandbox load(String chunkName, String source) throws ScriptException {
    return load(chunkName, source, new Random());
  }

  /** The same with that source of {@code math.random}. */
  static LuaSandbox load(String chunkName, String source, Random random) throws ScriptException {
    LuaSandbox sandbox = new LuaSandbox(chunkName, random);
    sandbox.run(sandbox.compile(source));
    return sandbox;
  }

  private LuaClosure compile(String source) throws ScriptException {
    byte[] bytes = source.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_SOURCE_BYTES) {
      throw new ScriptException(
          chunkName + ": a script must be <= " + MAX_SOURCE_BYTES + " bytes: " + bytes.length,
          null);
    }
    try {
      // the sign says that the name is to be shown as it is
      Prototype main = LuaC.instance.compile(new ByteArrayInputStream(bytes), "=" + chunkName);
      keepFrames(main);
      return new LuaClosure(main, globals);
    } catch (LuaError | StackOverflowError e) {
      throw failure(e);
    } catch (IOException | RuntimeException e) {
      throw failure(new LuaError(e));
    }
  }

  /**
   * Makes ordinary calls of tail calls, which a return follows in the code anyway. The interpreter
   * would run them after the caller's frame is gone: errors would lose their line.
   */
  private static void keepFrames(Prototype prototype) {
    int[] code = prototype.code;
    for (int i = 0; i < code.length; i++) {
      if (Lua.GET_OPCODE(code[i]) == Lua.OP_TAILCALL) {
        code[i] = (code[i] & ~OPERATION_MASK) | Lua.OP_CALL;
      }
    }
    for (Prototype inner : prototype.p) {
      keepFrames(inner);
    }
  }

  private void run(LuaClosure main) throws ScriptException {
    meter.start(LOAD_BUDGET);
    try {
      main.call();
    } catch (LuaError | StackOverflowError e) {
      throw failure(e);
    }
  }

  /** Whether the script has a global function of that name. */
  boolean has(String functionName) {
    return globals.rawget(LuaValue.valueOf(functionName)).isfunction();
  }

  /**
   * The script's global function of that name, to be called any number of times.
   *
   * @throws ScriptException if there is none
   */
  LuaValue function(String functionName) throws ScriptException {
    LuaValue function = globals.rawget(LuaValue.valueOf(functionName));
    if (!function.isfunction()) {
      throw new ScriptException(chunkName + ": function '" + functionName + "' is missing", null);
    }
    return meter.bind(function);
  }

  /**
   * Calls a function of this script without arguments.
   *
   * @return its first result, or nil
   * @throws ScriptException if it fails or spends more than {@link #CALL_BUDGET}
   */
  LuaValue call(LuaValue function) throws ScriptException {
    meter.start(CALL_BUDGET);
    try {
      return function.call();
    } catch (LuaError | StackOverflowError e) {
      throw failure(e);
    }
  }

  /**
   * Calls a function of this script. {@link ScriptAbandoned}, thrown by an argument's method,
   * passes through.
   *
   * @return its first result, or nil
   * @throws ScriptException if it fails or spends more than {@link #CALL_BUDGET}
   */
  LuaValue call(LuaValue function, LuaValue first, LuaValue second, LuaValue third)
      throws ScriptException {
    meter.start(CALL_BUDGET);
    try {
      return function.call(first, second, third);
    } catch (LuaError | StackOverflowError e) {
      throw failure(e);
    }
  }

  /**
   * Calls a function of this script by name, for places where speed does not matter.
   *
   * @return all its results
   * @throws ScriptException if it is missing, fails or spends more than {@link #CALL_BUDGET}
   */
  Varargs call(String functionName, LuaValue... arguments) throws ScriptException {
    LuaValue function = function(functionName);
    meter.start(CALL_BUDGET);
    try {
      return function.invoke(arguments);
    } catch (LuaError | StackOverflowError e) {
      throw failure(e);
    }
  }

  /** How many instructions the last call has spent, 0 to {@link #CALL_BUDGET}. */
  int spent() {
    return CALL_BUDGET - meter.left();
  }

  private ScriptException failure(Throwable error) {
    if (!(error instanceof LuaError)) {
      return new ScriptException(chunkName + ": stack overflow", error);
    }
    String message = String.valueOf(error.getMessage()).strip();
    String place = meter.place();
    if (message.startsWith(meter.prefix())) {
      message = message.substring(meter.prefix().length());
    }
    if (error.getCause() != null) {
      // an exception of Java, whose text is for the log
      message = "internal error";
    }
    if (place != null) {
      message = place.substring(1) + ": " + message;
    } else if (!message.startsWith(chunkName + ":")) {
      message = chunkName + ": " + message;
    }
    return new ScriptException(oneLine(message), error.getCause());
  }

  /** The compiler writes the number of a token, and a character that it only may be. */
  private static String namesToken(String message) {
    Matcher token = TOKEN.matcher(message);
    if (!token.find()) {
      return message;
    }
    String start = message.substring(0, token.start());
    boolean character = Integer.parseInt(token.group(1)) <= LAST_CHARACTER;
    return character ? start + " near '" + token.group(2) + "'" : start;
  }

  private static String oneLine(String message) {
    String line = namesToken(message).replaceAll("\\p{Cntrl}+", " ");
    return line.length() <= MAX_MESSAGE ? line : line.substring(0, MAX_MESSAGE) + "...";
  }
}
