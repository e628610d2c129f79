package idserver.rule;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import idserver.counter.Moment;
import idserver.counter.SteadyClock;
import java.time.ZoneOffset;
import java.util.Random;

/**
 * Any text as a script, or as the body of {@code create_id}: it makes an id within its bounds, or
 * is refused in a line. The fuzzer's own limits see to time and memory.
 */
public final class RuleFuzz {
  private static final Moment NOW = new SteadyClock(() -> 0, ZoneOffset.UTC).now();

  private RuleFuzz() {}

  /** Called by the fuzzer, with one input after the other. */
  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, ISO_8859_1);
    make(text);
    make("function create_id(counter, now, salt)\n" + text + "\nend");
  }

  private static void make(String text) {
    try {
      Script script = new ScriptSource("fuzz.lua", text).instance(new Random(1));
      for (long number = 41; number < 43; number++) {
        make(script, number);
      }
    } catch (RuleException e) {
      checkMessage(e);
    }
  }

  private static void make(Script script, long number) throws RuleException {
    String id = script.createId(() -> number, NOW, "salt");
    if (id != null && (id.isEmpty() || id.length() > Script.LONGEST_ID)) {
      throw new AssertionError("an id of " + id.length() + " characters");
    }
  }

  private static void checkMessage(RuleException e) {
    String message = String.valueOf(e.getMessage());
    if (!message.startsWith("fuzz.lua:") || message.contains("\n") || message.contains("java")) {
      throw new AssertionError("not told in a line with its file: " + message, e);
    }
  }
}
