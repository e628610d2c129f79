package idserver.rule;

import idserver.counter.Moment;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.SteadyClock;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Reads a rule's file and tries it out. Thread-safe. */
public final class RuleLoader {
  /** Salts a rule is tried with: it may need one, but has to do with one of these. */
  private static final String[] SAMPLE_SALTS = {"", "1"};

  private final Path directory;
  private final long step;
  private final long offset;
  private final SteadyClock clock;

  /**
   * @param directory where the files are
   * @param step {@code id_step} of this server
   * @param offset {@code id_offset} of this server
   * @param clock the time with which a rule is tried
   */
  public RuleLoader(Path directory, long step, long offset, SteadyClock clock) {
    this.directory = directory;
    this.step = step;
    this.offset = offset;
    this.clock = clock;
  }

  /**
   * Loads a rule and makes a sample id with it.
   *
   * @throws RuleException naming file and line, when it cannot be served
   */
  Rule load(RuleSource rule) throws RuleException {
    ScriptSource source = new ScriptSource(rule.luaFile(), text(rule.luaFile()));
    Script script = source.instance();
    Numbering numbering = new Numbering(range(script, source), period(script), rule.batchSave());
    return new Rule(
        rule.name(),
        source,
        numbering,
        sampleLength(script, numbering, rule.timeIds().isPresent()),
        rule.timeIds());
  }

  private String text(String file) throws RuleException {
    Path path = directory.resolve(file);
    try {
      return Files.readString(path);
    } catch (NoSuchFileException e) {
      throw new RuleException("no such file: " + path);
    } catch (CharacterCodingException e) {
      throw new RuleException(path + " is not UTF-8");
    } catch (IOException e) {
      throw new RuleException(path + " cannot be read: " + e.getMessage());
    }
  }

  private NumberRange range(Script script, ScriptSource source) throws RuleException {
    long min = script.number("min_counter");
    long max = script.number("max_counter");
    try {
      return new NumberRange(min, max, step, offset);
    } catch (IllegalArgumentException e) {
      throw new RuleException(source.file() + ": " + e.getMessage());
    }
  }

  /** {@code reset_period()} where the rule has it, or else {@code reset_seconds()}. */
  private static Period period(Script script) throws RuleException {
    if (!script.has("reset_period")) {
      return Period.ofSeconds(script.number("reset_seconds"));
    }
    String name = script.text("reset_period");
    return Period.named(name)
        .orElseThrow(
            () -> new RuleException("reset_period must be one of " + Period.names() + ": " + name));
  }

  /** The largest numbers, which make the longest id. */
  private record Largest(Numbering numbering, boolean timeIds) implements Draws {
    @Override
    public long next() {
      return numbering.range().max();
    }

    @Override
    public long nextTimeId() {
      return timeIds ? Long.MAX_VALUE : STOP;
    }
  }

  private int sampleLength(Script script, Numbering numbering, boolean timeIds)
      throws RuleException {
    Moment now = clock.now();
    RuleException failure = null;
    for (String salt : SAMPLE_SALTS) {
      try {
        String id = script.createId(new Largest(numbering, timeIds), now, salt);
        if (id != null) {
          return id.getBytes(StandardCharsets.UTF_8).length;
        }
      } catch (RuleException e) {
        failure = failure == null ? e : failure;
      }
    }
    throw failure == null
        ? new RuleException("create_id made no id; time ids need an id_step of at most 1024")
        : failure;
  }
}
