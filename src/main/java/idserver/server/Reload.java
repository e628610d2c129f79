package idserver.server;

import idserver.admin.ReloadOutcome;
import idserver.admin.RuleFiles;
import idserver.config.ConfigException;
import idserver.config.ConfigReader;
import idserver.config.ServerConfig;
import idserver.log.Logging;
import idserver.reserve.StoreException;
import idserver.rule.RuleBook;
import idserver.rule.RuleFaults;
import idserver.rule.Rules;
import idserver.store.RuleRegister;
import java.util.List;
import java.util.logging.Logger;

/** Reads rules and logging again; all of it becomes valid or nothing. One at a time. */
final class Reload implements RuleFiles {
  private static final Logger LOG = Logger.getLogger(Reload.class.getName());

  private final ServerConfig running;
  private final Rules rules;
  private final RuleRegister register;
  private final Logging logging;

  /**
   * @param running the configuration the server was started with
   */
  Reload(ServerConfig running, Rules rules, RuleRegister register, Logging logging) {
    this.running = running;
    this.rules = rules;
    this.register = register;
    this.logging = logging;
  }

  @Override
  public ReloadOutcome reload() {
    try {
      ServerConfig next = read();
      refuseAny(() -> register.enter(next.ruleEntries()));
      return reload(next);
    } catch (RuleFaults e) {
      return refused(e.faults());
    }
  }

  @Override
  public RuleBook preview() throws RuleFaults {
    ServerConfig next = read();
    refuseAny(() -> register.compare(next.ruleEntries()));
    return rules.preview(next.rules(), next.timeRules());
  }

  /** A question to the database that answers what stands against the rules. */
  @FunctionalInterface
  private interface Question {
    List<String> ask() throws StoreException;
  }

  private static void refuseAny(Question question) throws RuleFaults {
    List<String> faults;
    try {
      faults = question.ask();
    } catch (StoreException e) {
      throw new RuleFaults(
          List.of(
              "a new rule, or another layout, epoch or allocation, must be compared with the database,"
                  + " which does not answer: "
                  + e.getMessage()));
    }
    if (!faults.isEmpty()) {
      throw new RuleFaults(faults);
    }
  }

  private ServerConfig read() throws RuleFaults {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    // a JMX call comes without one, and the JSON provider is found by it
    Thread.currentThread().setContextClassLoader(Reload.class.getClassLoader());
    try {
      return ConfigReader.read(running.file());
    } catch (ConfigException e) {
      throw new RuleFaults(e.faults());
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  private ReloadOutcome reload(ServerConfig next) throws RuleFaults {
    RuleBook book = rules.reload(next.rules(), next.timeRules());
    logging.apply(next.log());
    String rest =
        running.sameButForRulesAndLog(next)
            ? ""
            : "; other changes of the configuration wait for a restart";
    String message = "version " + book.version() + " with " + book.names().size() + " rules" + rest;
    LOG.info("Reloaded: " + message);
    return new ReloadOutcome(true, book.version(), message, new String[0]);
  }

  private ReloadOutcome refused(List<String> faults) {
    long version = rules.current().version();
    faults.forEach(fault -> LOG.warning("Not reloaded, mend this and reload again: " + fault));
    return new ReloadOutcome(
        false,
        version,
        "nothing was reloaded, version " + version + " is still served",
        faults.toArray(String[]::new));
  }
}
