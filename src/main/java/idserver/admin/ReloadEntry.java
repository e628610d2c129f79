package idserver.admin;

import java.util.List;

/**
 * One change of the rules that was made or refused. Immutable.
 *
 * @param at when, in ISO 8601
 * @param by the administrator's name, or {@code jmx}, or {@code start}
 * @param action {@code start}, {@code reload} or {@code rollback}
 * @param succeeded whether other rules are served since
 * @param version of the rules that were served then
 * @param message the outcome in one line
 * @param faults what was wrong
 * @param rules what has changed, without the differences
 */
public record ReloadEntry(
    String at,
    String by,
    String action,
    boolean succeeded,
    long version,
    String message,
    List<String> faults,
    List<Changed> rules) {

  /** A rule and what became of it. Immutable. */
  public record Changed(String name, String change) {}

  public ReloadEntry {
    faults = List.copyOf(faults);
    rules = List.copyOf(rules);
  }
}
