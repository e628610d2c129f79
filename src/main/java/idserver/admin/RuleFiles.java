package idserver.admin;

import idserver.rule.RuleBook;
import idserver.rule.RuleFaults;

/** The rules as the configuration and its files have them now. Thread-safe; takes a while. */
public interface RuleFiles {
  /** Reads and checks them again and serves them from now on, or changes nothing. */
  ReloadOutcome reload();

  /**
   * What a reload would serve; changes nothing.
   *
   * @throws RuleFaults with everything that is wrong, in the configuration or the rules
   */
  RuleBook preview() throws RuleFaults;
}
