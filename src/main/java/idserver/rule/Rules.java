package idserver.rule;

import idserver.timeid.TimeIdFormat;
import idserver.timeid.TimeIdSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The current rule book. Thread-safe: readers see a whole book or the one before; a reload that
 * fails changes nothing.
 */
public final class Rules {
  private final RuleLoader loader;
  private volatile RuleBook current;
  private volatile @Nullable RuleBook previous;

  // of every rule since the start: one that is taken out and comes back must look the same
  private final Map<String, TimeIdFormat> formats = new ConcurrentHashMap<>();

  private Rules(RuleLoader loader, RuleBook first) {
    this.loader = loader;
    this.current = first;
    remember(first);
  }

  /**
   * Loads the first book.
   *
   * @throws RuleFaults with everything that is wrong with any of the rules
   */
  public static Rules load(RuleLoader loader, List<RuleSource> sources) throws RuleFaults {
    return load(loader, sources, List.of());
  }

  /**
   * Loads the first book.
   *
   * @throws RuleFaults with everything that is wrong with any of the rules
   */
  public static Rules load(RuleLoader loader, List<RuleSource> sources, List<TimeRule> timeRules)
      throws RuleFaults {
    return new Rules(loader, new RuleBook(1, Instant.now(), read(loader, sources), timeRules));
  }

  /** The rules that are served now. */
  public RuleBook current() {
    return current;
  }

  /**
   * Loads all files again and serves them from now on, or none of them.
   *
   * @return the new book
   * @throws RuleFaults with everything that is wrong; the old book is served then
   */
  public RuleBook reload(List<RuleSource> sources) throws RuleFaults {
    return reload(sources, List.of());
  }

  /**
   * Loads all files again and serves them from now on, or none of them.
   *
   * @return the new book
   * @throws RuleFaults with everything that is wrong; the old book is served then
   */
  public synchronized RuleBook reload(List<RuleSource> sources, List<TimeRule> timeRules)
      throws RuleFaults {
    RuleBook next = preview(sources, timeRules);
    previous = current;
    current = next;
    remember(next);
    return next;
  }

  /**
   * Loads all files as a reload would, and goes on with the rules that are served.
   *
   * @return the book that a reload would serve now
   * @throws RuleFaults with everything that is wrong
   */
  public RuleBook preview(List<RuleSource> sources, List<TimeRule> timeRules) throws RuleFaults {
    RuleBook served = current;
    List<Rule> rules = read(loader, sources);
    RuleBook next = new RuleBook(served.version() + 1, Instant.now(), rules, timeRules);
    List<String> faults = new ArrayList<>();
    for (String name : next.names()) {
      TimeIdFormat before = formats.get(name);
      if (before != null && !Optional.of(before).equals(timeIdFormat(next, name))) {
        faults.add(
            "rule "
                + name
                + ": layout and epoch cannot change, nor id_step and id_offset in a reload, or ids could"
                + " come twice: give the rule another name");
      }
    }
    if (!faults.isEmpty()) {
      throw new RuleFaults(faults);
    }
    return next;
  }

  /** The rules that were served before these; null before the first reload. */
  public @Nullable RuleBook previous() {
    return previous;
  }

  /**
   * Serves the rules of before again, as a new version. Their files are left as they are: the next
   * reload reads them.
   *
   * @return the new book, or null when there was none before
   */
  public synchronized @Nullable RuleBook rollBack() {
    RuleBook before = previous;
    if (before == null) {
      return null;
    }
    RuleBook left = current;
    current = before.again(left.version() + 1, Instant.now());
    previous = left;
    return current;
  }

  private void remember(RuleBook book) {
    for (String name : book.names()) {
      timeIdFormat(book, name).ifPresent(format -> formats.put(name, format));
    }
  }

  /** How the time ids of that rule look, of whichever type it is; empty when it has none. */
  private static Optional<TimeIdFormat> timeIdFormat(RuleBook book, String name) {
    TimeRule timeRule = book.findTimeRule(name);
    if (timeRule != null) {
      return Optional.of(timeRule.timeIds().format());
    }
    Rule rule = book.find(name);
    return rule == null ? Optional.empty() : rule.timeIds().map(TimeIdSettings::format);
  }

  private static List<Rule> read(RuleLoader loader, List<RuleSource> sources) throws RuleFaults {
    List<Rule> rules = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    for (RuleSource source : sources) {
      try {
        rules.add(loader.load(source));
      } catch (RuleException e) {
        faults.add("rule " + source.name() + ": " + e.getMessage());
      }
    }
    if (!faults.isEmpty()) {
      throw new RuleFaults(faults);
    }
    return rules;
  }
}
