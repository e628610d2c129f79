package idserver.rule;

import idserver.counter.FiscalYear;
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
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Reads a rule's file and tries it out. Thread-safe. */
public final class RuleLoader {
  /** The most days before today that a rule may number. */
  private static final int MOST_BIZ_DAYS = 400;

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
    Prepared prepared = prepare(rule, text(rule.luaFile()));
    if (rule.confirmSeconds().isPresent()) {
      refuseBizDays(prepared, rule.luaFile());
      checkDraws(prepared, rule.luaFile(), "gap_free");
    } else if (rule.strict()) {
      checkDraws(prepared, rule.luaFile(), "strict");
    }
    int idLength = sampleLength(prepared, rule.timeIds().isPresent());
    List<Collision> collisions = collisions(prepared, rule);
    if (!collisions.isEmpty()) {
      throw new RuleException(
          collisions.stream()
              .map(Collision::message)
              .collect(Collectors.joining(" ", rule.luaFile() + ": ", "")));
    }
    return new Rule(
        rule.name(),
        prepared.source(),
        prepared.numbering(),
        idLength,
        rule.timeIds(),
        rule.warnShare(),
        bizDays(prepared.script(), rule.luaFile()),
        rule.confirmSeconds(),
        rule.strict());
  }

  /** Of a gap-free rule each id is of the day on which it is made. */
  private static void refuseBizDays(Prepared rule, String file) throws RuleException {
    if (bizDays(rule.script(), file).isPresent()) {
      throw new RuleException(
          file + ": biz_days: a rule with allocation gap_free numbers the present day alone");
    }
  }

  /** Refuses a rule of whose ids not each has one number. */
  private void checkDraws(Prepared rule, String file, String allocation) throws RuleException {
    Moment now = now(rule.numbering());
    for (String salt : RuleLint.SALTS) {
      OneNumber draws = new OneNumber(rule.numbering().range().max(), allocation);
      try {
        rule.script().createId(draws, now, salt);
      } catch (RuleException e) {
        // without a salt it may fail; that of every one is told with the sample
        continue;
      }
      draws.check(file);
    }
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
    return collisions(prepare(rule, text), rule);
  }

  /**
   * Tries a rule with chosen numbers and moments, and draws from no counter.
   *
   * @param rule the rule as the configuration has it
   * @param text what its file says, or is going to say
   * @param at the moment to begin with, on the rule's clock; empty for the present one
   * @param number the number to begin with; empty for the first of this server
   * @param salt what a client would give
   */
  public Experiment experiment(
      RuleSource rule, String text, Optional<LocalDateTime> at, OptionalLong number, String salt) {
    try {
      Prepared prepared = prepare(rule, text);
      Numbering numbering = prepared.numbering();
      LocalDateTime begin = at.orElseGet(() -> now(numbering).local());
      List<Experiment.Case> cases =
          new Experiments(prepared.script(), numbering, rule.timeIds(), salt).of(begin, number);
      List<Collision> lint = collisions(prepared, rule);
      return new Experiment(Optional.of(numbering), cases, lint, Optional.empty());
    } catch (RuleException e) {
      return new Experiment(
          Optional.empty(), List.of(), List.of(), Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private List<Collision> collisions(Prepared rule, RuleSource configured) {
    int year = now(rule.numbering()).local().getYear();
    return new RuleLint(rule.source(), rule.numbering(), configured.timeIds(), year).collisions();
  }

  /** The present moment on the rule's clock. */
  private Moment now(Numbering numbering) {
    return clock.in(numbering.zone(), clock.now());
  }

  /** A rule's text with what it says of its counters, and an instance. */
  private record Prepared(ScriptSource source, Script script, Numbering numbering) {}

  private Prepared prepare(RuleSource rule, String text) throws RuleException {
    ScriptSource source = new ScriptSource(rule.luaFile(), text);
    Script script = source.instance();
    FiscalYear fiscalYear = fiscalYear(script, rule.luaFile());
    if (!fiscalYear.equals(source.fiscalYear())) {
      source = source.with(fiscalYear);
      script = source.instance();
    }
    return new Prepared(source, script, numbering(script, rule, fiscalYear));
  }

  /** Which day the rule has fiscal years begin on. */
  private static FiscalYear fiscalYear(Script script, String file) throws RuleException {
    if (!script.has("fiscal_year_start")) {
      return FiscalYear.CALENDAR;
    }
    String start = script.text("fiscal_year_start");
    return FiscalYear.beginning(start)
        .orElseThrow(
            () ->
                new RuleException(
                    file
                        + ": fiscal_year_start must be a month and a day such as \"04-01\", and not"
                        + " 02-29: "
                        + start));
  }

  private Numbering numbering(Script script, RuleSource rule, FiscalYear fiscalYear)
      throws RuleException {
    return new Numbering(
        range(script, rule),
        period(script, fiscalYear),
        rule.batchSave(),
        zone(script, rule.luaFile()));
  }

  /** The rule's own zone; empty where it has the server's. */
  private static Optional<ZoneId> zone(Script script, String file) throws RuleException {
    if (!script.has("time_zone")) {
      return Optional.empty();
    }
    String name = script.text("time_zone");
    try {
      return Optional.of(ZoneId.of(name));
    } catch (DateTimeException e) {
      throw new RuleException(
          file + ": time_zone must be a time zone such as \"Asia/Shanghai\" or \"UTC\": " + name);
    }
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

  /** How many days before today the rule numbers; empty where it takes no business day. */
  private static OptionalInt bizDays(Script script, String file) throws RuleException {
    if (!script.has("biz_days")) {
      return OptionalInt.empty();
    }
    long days = script.number("biz_days");
    if (days < 0 || days > MOST_BIZ_DAYS) {
      throw new RuleException(
          file + ": biz_days must be 0 to " + MOST_BIZ_DAYS + ", days before today: " + days);
    }
    return OptionalInt.of((int) days);
  }

  /** {@code reset_period()} where the rule has it, or else {@code reset_seconds()}. */
  private static Period period(Script script, FiscalYear fiscalYear) throws RuleException {
    if (!script.has("reset_period")) {
      return Period.ofSeconds(script.number("reset_seconds"));
    }
    String name = script.text("reset_period");
    return Period.named(name, fiscalYear)
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

  private int sampleLength(Prepared rule, boolean timeIds) throws RuleException {
    Moment now = now(rule.numbering());
    RuleException failure = null;
    for (String salt : RuleLint.SALTS) {
      try {
        String id = rule.script().createId(new Largest(rule.numbering(), timeIds), now, salt);
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
