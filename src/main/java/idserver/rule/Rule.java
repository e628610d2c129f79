package idserver.rule;

import idserver.counter.Moment;
import idserver.counter.Numbering;
import idserver.timeid.TimeIdSettings;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One rule: how its counters run and how its ids look. Thread-safe: each call has an instance of
 * the script to itself, and hands it back for the next.
 */
public final class Rule {
  /** How often an instance of the script is used: making one costs as much as 1000 calls. */
  private static final int MOST_CALLS = 10_000;

  private final String name;
  private final ScriptSource source;
  private final Numbering numbering;
  private final int idLength;
  private final Optional<TimeIdSettings> timeIds;
  private final ConcurrentLinkedQueue<Script> idle = new ConcurrentLinkedQueue<>();

  Rule(
      String name,
      ScriptSource source,
      Numbering numbering,
      int idLength,
      Optional<TimeIdSettings> timeIds) {
    this.name = name;
    this.source = source;
    this.numbering = numbering;
    this.idLength = idLength;
    this.timeIds = timeIds;
  }

  /** What clients call it. */
  public String name() {
    return name;
  }

  /** The name of its file in the rules directory. */
  public String file() {
    return source.file();
  }

  /** The range, period and block size of its counters. */
  public Numbering numbering() {
    return numbering;
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
   * Makes one id.
   *
   * @param draws where the script gets its numbers
   * @param moment the request's moment
   * @param salt what the client gives, may be empty
   * @return the id, or null when {@code draws} had no number; whatever it did hand out is lost
   *     unless the caller hands it out again
   * @throws RuleException when the script fails or returns what cannot be an id
   */
  public @Nullable String createId(Draws draws, Moment moment, String salt) throws RuleException {
    Script script = idle.poll();
    if (script == null) {
      script = source.instance();
    }
    String id = script.createId(draws, moment, salt);
    // a script that failed is not used again: nobody knows what it left in its variables; nor is
    // one
    // that has run long, lest what it keeps there grows for ever
    if (script.calls() < MOST_CALLS) {
      idle.offer(script);
    }
    return id;
  }
}
