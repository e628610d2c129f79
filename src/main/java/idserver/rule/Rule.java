package idserver.rule;

import idserver.counter.Moment;
import idserver.counter.Numbering;
import idserver.timeid.TimeIdSettings;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaString;

/**
 * One rule: how its counters run and how its ids look. Thread-safe: each call has an instance of
 * the script to itself, and hands it back for the next.
 */
public final class Rule {
  /** How often an instance of the script is used: making one costs as much as 1000 calls. */
  private static final int MOST_CALLS = 100_000;

  private static final LuaString NO_SALT = LuaString.valueOf("");

  private final String name;
  private final ScriptSource source;
  private final Numbering numbering;
  private final int idLength;
  private final Optional<TimeIdSettings> timeIds;
  private final double warnShare;
  private final OptionalInt bizDays;
  private final OptionalInt confirmSeconds;
  private final boolean strict;

  /** The instance handed back last, which is all there is as long as one thread asks. */
  private final AtomicReference<@Nullable Script> last = new AtomicReference<>();

  private final ConcurrentLinkedQueue<Script> idle = new ConcurrentLinkedQueue<>();

  Rule(
      String name,
      ScriptSource source,
      Numbering numbering,
      int idLength,
      Optional<TimeIdSettings> timeIds,
      double warnShare,
      OptionalInt bizDays,
      OptionalInt confirmSeconds,
      boolean strict) {
    this.name = name;
    this.source = source;
    this.numbering = numbering;
    this.idLength = idLength;
    this.timeIds = timeIds;
    this.warnShare = warnShare;
    this.bizDays = bizDays;
    this.confirmSeconds = confirmSeconds;
    this.strict = strict;
  }

  /** What clients call it. */
  public String name() {
    return name;
  }

  /** The name of its file in the rules directory. */
  public String file() {
    return source.file();
  }

  /** As the configuration had it when it was loaded. */
  public RuleSource configured() {
    return new RuleSource(
        name,
        file(),
        numbering.batchSave(),
        numbering.range().shared(),
        timeIds,
        warnShare,
        confirmSeconds,
        strict);
  }

  /** What its file said when it was loaded. */
  public String text() {
    return source.text();
  }

  /** The range, period and block size of its counters. */
  public Numbering numbering() {
    return numbering;
  }

  /** From which share of the range on, above 0 and below 1, a counter is near its end. */
  public double warnShare() {
    return warnShare;
  }

  /**
   * How many business days before today it numbers, 0 to 400; empty where it takes no business day.
   */
  public OptionalInt bizDays() {
    return bizDays;
  }

  /** Whether no number of it may be missing: each is held until it is confirmed. */
  public boolean isGapFree() {
    return confirmSeconds.isPresent();
  }

  /**
   * Whether its numbers are in one order over all servers: none is in hand before it is asked for.
   */
  public boolean isStrict() {
    return strict;
  }

  /** How long a number is held that is not confirmed, in seconds; empty where none is. */
  public OptionalInt confirmSeconds() {
    return confirmSeconds;
  }

  /** The length of an id in bytes of UTF-8, measured when it was loaded; others may differ. */
  public int idLength() {
    return idLength;
  }

  /** How the time ids are made that the script may ask for; empty when it may not. */
  public Optional<TimeIdSettings> timeIds() {
    return timeIds;
  }

  /**
   * Makes ids until there are so many.
   *
   * @param draws where the script gets its numbers
   * @param moment the request's moment
   * @param salt what the client gives, may be empty
   * @param count how many ids {@code into} is to hold
   * @param into where they are added
   * @return false when {@code draws} had no number; whatever it did hand out for the id under way
   *     is lost unless the caller hands it out again
   * @throws RuleException when the script fails or returns what cannot be an id
   */
  public boolean createIds(Draws draws, Moment moment, String salt, int count, Ids into)
      throws RuleException {
    Script script = take();
    LuaString salted = salt.isEmpty() ? NO_SALT : utf8(salt);
    boolean made = true;
    while (made && into.size() < count) {
      made = script.createId(draws, moment, salted, into);
      if (made) {
        draws.idMade();
      }
    }
    // a script that failed does not come here and is not used again: nobody knows what it left in
    // its variables; nor is one that has run long, lest what it keeps there grows for ever
    if (script.calls() < MOST_CALLS) {
      handBack(script);
    }
    return made;
  }

  /** The interpreter's own conversion writes a character beyond the first 65 536 as two halves. */
  private static LuaString utf8(String text) {
    return LuaString.valueUsing(text.getBytes(StandardCharsets.UTF_8));
  }

  private Script take() throws RuleException {
    Script script = last.getAndSet(null);
    if (script == null) {
      script = idle.poll();
    }
    return script == null ? source.instance() : script;
  }

  private void handBack(Script script) {
    if (!last.compareAndSet(null, script)) {
      idle.offer(script);
    }
  }
}
