package idserver.rule;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rules that are served together. Immutable: a reload makes another one. */
public final class RuleBook {
  private final long version;
  private final Instant loadedAt;
  private final SortedMap<String, Rule> rules;
  private final SortedMap<String, TimeRule> timeRules;

  RuleBook(long version, Instant loadedAt, Collection<Rule> rules, Collection<TimeRule> timeRules) {
    this.version = version;
    this.loadedAt = loadedAt;
    SortedMap<String, Rule> byName = new TreeMap<>();
    rules.forEach(rule -> byName.put(rule.name(), rule));
    this.rules = Collections.unmodifiableSortedMap(byName);
    SortedMap<String, TimeRule> timeByName = new TreeMap<>();
    timeRules.forEach(rule -> timeByName.put(rule.name(), rule));
    this.timeRules = Collections.unmodifiableSortedMap(timeByName);
  }

  /** The same rules, served again. */
  RuleBook again(long nextVersion, Instant at) {
    return new RuleBook(nextVersion, at, rules.values(), timeRules.values());
  }

  /** The rule in Lua of that name, or null when there is none. */
  public @Nullable Rule find(String name) {
    return rules.get(name);
  }

  /** The rule of type {@code time} of that name, or null when there is none. */
  public @Nullable TimeRule findTimeRule(String name) {
    return timeRules.get(name);
  }

  /** All rules in Lua, by name. */
  public Collection<Rule> rules() {
    return rules.values();
  }

  /** All rules of type {@code time}, by name. */
  public Collection<TimeRule> timeRules() {
    return timeRules.values();
  }

  /** The names of all rules, sorted. */
  public List<String> names() {
    return Stream.concat(rules.keySet().stream(), timeRules.keySet().stream()).sorted().toList();
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
