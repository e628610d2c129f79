package idserver.rule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The current rule book. Thread-safe: readers see a whole book or the one before; a reload that
 * fails changes nothing.
 */
public final class Rules {
  private final RuleLoader loader;
  private volatile RuleBook current;

  private Rules(RuleLoader loader, RuleBook first) {
    this.loader = loader;
    this.current = first;
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
    List<String> faults = new ArrayList<>();
    for (TimeRule rule : timeRules) {
      TimeRule before = current.findTimeRule(rule.name());
      if (before != null && !before.timeIds().format().equals(rule.timeIds().format())) {
        faults.add(
            "rule "
                + rule.name()
                + ": layout and epoch cannot change, or ids could come twice: give the rule another"
                + " name");
      }
    }
    if (!faults.isEmpty()) {
      throw new RuleFaults(faults);
    }
    RuleBook next =
        new RuleBook(current.version() + 1, Instant.now(), read(loader, sources), timeRules);
    current = next;
    return next;
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
