package idserver.rule;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rules that are served together. Immutable: a reload makes another one. */
public final class RuleBook {
  private final long version;
  private final Instant loadedAt;
  private final SortedMap<String, Rule> rules;

  RuleBook(long version, Instant loadedAt, Collection<Rule> rules) {
    this.version = version;
    this.loadedAt = loadedAt;
    SortedMap<String, Rule> byName = new TreeMap<>();
    rules.forEach(rule -> byName.put(rule.name(), rule));
    this.rules = Collections.unmodifiableSortedMap(byName);
  }

  /** The rule of that name, or null when there is none. */
  public @Nullable Rule find(String name) {
    return rules.get(name);
  }

  /** All rules, by name. */
  public Collection<Rule> rules() {
    return rules.values();
  }

  /** 1 for the first book of a process, one more for each that follows. */
  public long version() {
    return version;
  }

  /** When it was loaded. */
  public Instant loadedAt() {
    return loadedAt;
  }
}
