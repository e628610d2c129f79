package idserver.rule;

import idserver.counter.FiscalYear;
import idserver.counter.Moment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaUserdata;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.OneArgFunction;

/**
 * One instance of a rule's script, with the two objects that {@code create_id} is given. Confined
 * to one thread at a time.
 */
final class Script {
  /** The longest id, in bytes of UTF-8. */
  static final int LONGEST_ID = 256;

  /** Places for the names that a script asks an object for, a power of two. */
  private static final int ASKED = 16;

  private final String file;
  private final LuaSandbox sandbox;
  private final LuaValue createId;
  private final CounterObject counter = new CounterObject();
  private final NowObject now;
  private int calls;

  Script(ScriptSource source, Random random) throws RuleException {
    this.file = source.file();
    this.now = new NowObject(source.fiscalYear());
    try {
      this.sandbox = LuaSandbox.load(file, source.text(), random);
    } catch (ScriptException e) {
      throw new RuleException(String.valueOf(e.getMessage()));
    }
    this.createId = function("create_id");
  }

  boolean has(String name) {
    return sandbox.has(name);
  }

  private LuaValue function(String name) throws RuleException {
    if (!sandbox.has(name)) {
      throw new RuleException(file + ": the function " + name + " is missing");
    }
    try {
      return sandbox.function(name);
    } catch (ScriptException e) {
      throw new RuleException(String.valueOf(e.getMessage()));
    }
  }

  /** What that function, which takes nothing, says: a whole number. */
  long number(String name) throws RuleException {
    LuaValue value = call(name);
    try {
      return LuaNumbers.toLong(value);
    } catch (IllegalArgumentException e) {
      throw new RuleException(file + ": " + name + ": " + e.getMessage());
    }
  }

  /** What that function, which takes nothing, says: a text. */
  String text(String name) throws RuleException {
    LuaValue value = call(name);
    if (value instanceof LuaString) {
      return value.tojstring();
    }
    throw new RuleException(
        file + ": " + name + ": must be a string, but is a " + value.typename());
  }

  private LuaValue call(String name) throws RuleException {
    try {
      return sandbox.call(function(name));
    } catch (ScriptException e) {
      throw new RuleException(String.valueOf(e.getMessage()));
    }
  }

  /** How many ids it has been asked for. */
  int calls() {
    return calls;
  }

  /** How many instructions the last id took, made or not. */
  int spent() {
    return sandbox.spent();
  }

  /** Makes one id as text, where speed does not matter; null when {@code draws} had no number. */
  @Nullable String createId(Draws draws, Moment moment, String salt) throws RuleException {
    Ids made = new Ids();
    return createId(draws, moment, LuaString.valueOf(salt), made) ? made.text(0) : null;
  }

  /** Makes one id; false when {@code draws} had no number. */
  boolean createId(Draws draws, Moment moment, LuaString salt, Ids into) throws RuleException {
    calls++;
    counter.draws = draws;
    now.set(moment.local());
    try {
      add(sandbox.call(createId, counter, now, salt), into);
      return true;
    } catch (NoNumber e) {
      return false;
    } catch (ScriptException e) {
      throw new RuleException(String.valueOf(e.getMessage()));
    }
  }

  private void add(LuaValue value, Ids into) throws RuleException {
    if (value instanceof LuaNumber) {
      try {
        into.add(LuaNumbers.toLong(value));
        return;
      } catch (IllegalArgumentException e) {
        throw new RuleException(file + ": create_id: " + e.getMessage());
      }
    }
    if (!(value instanceof LuaString text)) {
      throw new RuleException(
          file + ": create_id returned no id: must be a string, but is a " + value.typename());
    }
    if (text.m_length == 0 || text.m_length > LONGEST_ID) {
      throw new RuleException(
          file + ": create_id: an id is 1 to " + LONGEST_ID + " bytes long: " + text.m_length);
    }
    if (!isPlain(text)) {
      checkText(text);
    }
    into.add(text.m_bytes, text.m_offset, text.m_length);
  }

  private static boolean isPlain(LuaString text) {
    byte[] bytes = text.m_bytes;
    for (int i = text.m_offset, end = i + text.m_length; i < end; i++) {
      byte c = bytes[i];
      if (c < ' ' || c == 0x7f) {
        return false;
      }
    }
    return true;
  }

  private void checkText(LuaString text) throws RuleException {
    String id;
    try {
      id =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(text.m_bytes, text.m_offset, text.m_length))
              .toString();
    } catch (CharacterCodingException e) {
      throw new RuleException(file + ": create_id: the id is not UTF-8");
    }
    if (id.codePoints().anyMatch(Character::isISOControl)) {
      throw new RuleException(file + ": create_id: the id holds a control character");
    }
  }

  /** Leaves the script: there is no number now. */
  private static final class NoNumber extends ScriptAbandoned {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("StaticAssignmentOfThrowable") // it has no stack, and leaves a script often
    static final NoNumber INSTANCE = new NoNumber();

    private NoNumber() {
      super("no number");
    }
  }

  /** What a script is given: it can be asked, and nothing of it changed. */
  private abstract static class ReadOnly extends LuaUserdata {
    private final Map<LuaValue, LuaValue> methods = new HashMap<>();

    // a script asks by the same few constants again and again: most are found by identity
    private final LuaValue[] asked = new LuaValue[ASKED];
    private final LuaValue[] found = new LuaValue[ASKED];

    ReadOnly(String what) {
      super(what);
      Arrays.fill(asked, NIL);
      Arrays.fill(found, NIL);
    }

    final void method(String name, Supplier<LuaValue> answer) {
      methods.put(
          valueOf(name),
          new OneArgFunction() {
            @Override
            public LuaValue call(LuaValue self) {
              return answer.get();
            }
          });
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // an equal name is looked for, and kept in its place
    public LuaValue get(LuaValue name) {
      int place = name.hashCode() & (ASKED - 1);
      if (asked[place] != name) {
        found[place] = methods.getOrDefault(name, NIL);
        asked[place] = name;
      }
      return found[place];
    }
  }

  /** The script's {@code counter}. */
  private static final class CounterObject extends ReadOnly {
    private Draws draws = () -> Draws.STOP;

    CounterObject() {
      super("counter");
      method("generate_counter", () -> number(draws.next()));
      method("generate_time_id", () -> number(draws.nextTimeId()));
    }

    private static LuaValue number(long number) {
      if (number < 0) {
        throw NoNumber.INSTANCE;
      }
      return LuaNumbers.of(number);
    }
  }

  /** The script's {@code now}. */
  private static final class NowObject extends ReadOnly {
    private LocalDateTime time = LocalDateTime.MIN;
    private LuaValue year = NIL;

    NowObject(FiscalYear fiscalYear) {
      super("now");
      // the others are small enough for the interpreter to have them ready
      method("year", () -> year);
      method("month", () -> valueOf(time.getMonthValue()));
      method("day", () -> valueOf(time.getDayOfMonth()));
      method("hour", () -> valueOf(time.getHour()));
      method("minute", () -> valueOf(time.getMinute()));
      method("second", () -> valueOf(time.getSecond()));
      method("fiscal_year", () -> valueOf(fiscalYear.yearOf(time.toLocalDate())));
      method("fiscal_quarter", () -> valueOf(fiscalYear.quarterOf(time.toLocalDate())));
    }

    @SuppressWarnings("ReferenceEquality") // within a second it is the same object
    void set(LocalDateTime moment) {
      if (time != moment) {
        time = moment;
        year = valueOf(moment.getYear());
      }
    }
  }
}
