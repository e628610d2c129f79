package idserver.admin;

import idserver.rule.RuleBook;
import idserver.rule.Rules;
import java.util.function.Supplier;

/** The rules' MBean. Thread-safe; one reload at a time. */
public final class RulesAdmin implements RulesMXBean {
  /** The name it is registered under. */
  public static final String NAME = "idserver:type=Rules";

  private final Rules rules;
  private final Supplier<ReloadOutcome> reload;
  private volatile String lastOutcome = "";

  /**
   * @param reload reads and checks everything again, and never throws for what an operator did
   */
  public RulesAdmin(Rules rules, Supplier<ReloadOutcome> reload) {
    this.rules = rules;
    this.reload = reload;
  }

  @Override
  public String[] getRuleNames() {
    return rules.current().names().toArray(String[]::new);
  }

  @Override
  public long getVersion() {
    return rules.current().version();
  }

  @Override
  public String getLoadedAt() {
    RuleBook book = rules.current();
    return book.loadedAt().toString();
  }

  @Override
  public String getLastOutcome() {
    return lastOutcome;
  }

  @Override
  public synchronized ReloadOutcome reload() {
    ReloadOutcome outcome = reload.get();
    StringBuilder told = new StringBuilder(outcome.getMessage());
    for (String fault : outcome.getFaults()) {
      told.append(System.lineSeparator()).append(fault);
    }
    lastOutcome = told.toString();
    return outcome;
  }
}
