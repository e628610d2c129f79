package idserver.admin;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import idserver.rule.Rule;
import idserver.rule.RuleBook;
import idserver.rule.TimeRule;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * How a rule differs between two books. Immutable.
 *
 * @param name the rule's
 * @param change one of added, removed, changed
 * @param difference what differs, in the unified form of {@code diff}
 */
public record RuleChange(String name, String change, String difference) {
  private static final int CONTEXT_LINES = 3;

  /** All rules that differ, by name. */
  public static List<RuleChange> between(RuleBook before, RuleBook after) {
    SortedSet<String> names = new TreeSet<>(before.names());
    names.addAll(after.names());
    List<RuleChange> changes = new ArrayList<>();
    for (String name : names) {
      List<String> old = lines(before, name);
      List<String> now = lines(after, name);
      if (!old.equals(now)) {
        String change = old.isEmpty() ? "added" : now.isEmpty() ? "removed" : "changed";
        changes.add(new RuleChange(name, change, difference(name, old, now)));
      }
    }
    return changes;
  }

  private static String difference(String name, List<String> old, List<String> now) {
    return String.join(
        "\n",
        UnifiedDiffUtils.generateUnifiedDiff(
            name + " (served)", name, old, DiffUtils.diff(old, now), CONTEXT_LINES));
  }

  /** As the configuration has it. */
  static String allocation(Rule rule) {
    if (rule.isGapFree()) {
      return "gap_free";
    }
    if (rule.isStrict()) {
      return "strict";
    }
    return rule.numbering().range().shared() ? "shared" : "interleaved";
  }

  /** A rule as text: what the configuration says of it, and its file. */
  private static List<String> lines(RuleBook book, String name) {
    Rule rule = book.find(name);
    if (rule != null) {
      List<String> lines = new ArrayList<>();
      lines.add("-- lua_file: " + rule.file());
      lines.add("-- batch_save: " + rule.numbering().batchSave());
      lines.add("-- allocation: " + allocation(rule));
      rule.confirmSeconds().ifPresent(s -> lines.add("-- confirm_seconds: " + s));
      lines.add("-- warn_share: " + rule.warnShare());
      rule.timeIds().ifPresent(settings -> lines.add("-- time ids: " + settings));
      lines.addAll(rule.text().lines().toList());
      return lines;
    }
    TimeRule timeRule = book.findTimeRule(name);
    return timeRule == null ? List.of() : List.of("-- type: time", "-- " + timeRule.timeIds());
  }
}
