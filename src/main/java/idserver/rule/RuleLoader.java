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
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Reads a rule's file and tries it out. Thread-safe. */
public final class RuleLoader {
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
    Numbering numbering = numbering(script, rule);
    int idLength = sampleLength(script, numbering, rule.timeIds().isPresent());
    List<Collision> collisions = collisions(source, numbering, rule);
    if (!collisions.isEmpty()) {
      throw new RuleException(
          collisions.stream()
              .map(Collision::message)
              .collect(Collectors.joining(" ", rule.luaFile() + ": ", "")));
    }
    return new Rule(rule.name(), source, numbering, idLength, rule.timeIds());
  }

  /**
   * Looks for requests that a rule would answer with the same id; {@link #load} refuses it for any.
   *
   * @param rule the rule as the configuration has it
   * @param text what its file says, or is going to say
   * @return at most one collision of a kind; none when there is nothing to say against the rule
   * @throws RuleException naming file and line, when it makes no ids at all
   */
  public List<Collision> lint(RuleSource rule, String text) throws RuleException {
    ScriptSource source = new ScriptSource(rule.luaFile(), text);
    return collisions(source, numbering(source.instance(), rule), rule);
  }

  /**
   * Tries a rule with chosen numbers and moments, and draws from no counter.
   *
   * @param rule the rule as the configuration has it
   * @param text what its file says, or is going to say
   * @param at the moment to begin with, on the local clock
   * @param number the number to begin with; empty for the first of this server
   * @param salt what a client would give
   */
  public Experiment experiment(
      RuleSource rule, String text, LocalDateTime at, OptionalLong number, String salt) {
    try {
      ScriptSource source = new ScriptSource(rule.luaFile(), text);
      Script script = source.instance();
      Numbering numbering = numbering(script, rule);
      List<Experiment.Case> cases =
          new Experiments(script, numbering, rule.timeIds(), salt).of(at, number);
      List<Collision> lint = collisions(source, numbering, rule);
      return new Experiment(Optional.of(numbering), cases, lint, Optional.empty());
    } catch (RuleException e) {
      return new Experiment(
          Optional.empty(), List.of(), List.of(), Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private List<Collision> collisions(ScriptSource source, Numbering numbering, RuleSource rule) {
    int year = clock.now().local().getYear();
    return new RuleLint(source, numbering, rule.timeIds(), year).collisions();
  }

  private Numbering numbering(Script script, RuleSource rule) throws RuleException {
    return new Numbering(range(script, rule), period(script), rule.batchSave());
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

  private NumberRange range(Script script, RuleSource rule) throws RuleException {
    long min = script.number("min_counter");
    long max = script.number("max_counter");
    try {
      return rule.shared() ? NumberRange.shared(min, max) : new NumberRange(min, max, step, offset);
    } catch (IllegalArgumentException e) {
      throw new RuleException(rule.luaFile() + ": " + e.getMessage());
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
    for (String salt : RuleLint.SALTS) {
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
