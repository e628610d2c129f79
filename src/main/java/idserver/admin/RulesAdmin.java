package idserver.admin;

import idserver.rule.RuleBook;
import idserver.rule.RuleFaults;
import idserver.rule.Rules;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;

/**
 * Changes the rules that are served, for JMX and REST, and remembers who did it. Thread-safe; one
 * change at a time.
 */
public final class RulesAdmin implements RulesMXBean {
  /** The name it is registered under. */
  public static final String NAME = "idserver:type=Rules";

  private static final Logger LOG = Logger.getLogger(RulesAdmin.class.getName());

  private static final String BY_JMX = "jmx";

  /** So many changes are told over JMX. */
  private static final int TOLD = 10;

  private final Rules rules;
  private final RuleFiles files;
  private final ReloadLog log;

  private final AtomicLong reloads = new AtomicLong();
  private final AtomicLong refusedReloads = new AtomicLong();

  private final ReloadEntry start;

  /**
   * @param log where the changes are remembered; not opened yet
   */
  public RulesAdmin(Rules rules, RuleFiles files, ReloadLog log) {
    this.rules = rules;
    this.files = files;
    this.log = log;
    RuleBook first = rules.current();
    String message = "version " + first.version() + " with " + first.names().size() + " rules";
    this.start =
        new ReloadEntry(
            time(first.loadedAt()),
            "start",
            "start",
            true,
            first.version(),
            message,
            List.of(),
            List.of());
  }

  /** Remembers that the server has started, behind what was changed before. */
  public void started() {
    log.open(start);
  }

  private static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /** The rules that are served. */
  RuleBook current() {
    return rules.current();
  }

  /** Whether there is a version before this one. */
  boolean canRollBack() {
    return rules.previous() != null;
  }

  /** What a reload would change. */
  List<RuleChange> pending() throws RuleFaults {
    return RuleChange.between(rules.current(), files.preview());
  }

  /** The last changes of the rules, starts included and over restarts, the last one first. */
  public List<ReloadEntry> entries() {
    return log.entries();
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
    return rules.current().loadedAt().toString();
  }

  @Override
  public String getLastOutcome() {
    List<ReloadEntry> entries = entries();
    if (entries.isEmpty() || entries.get(0).action().equals("start")) {
      return "";
    }
    ReloadEntry last = entries.get(0);
    List<String> lines = new ArrayList<>();
    lines.add(last.message());
    lines.addAll(last.faults());
    return String.join(System.lineSeparator(), lines);
  }

  @Override
  public String[] getChanges() {
    return entries().stream().limit(TOLD).map(RulesAdmin::line).toArray(String[]::new);
  }

  private static String line(ReloadEntry entry) {
    String outcome = entry.succeeded() ? "" : " refused";
    return entry.at()
        + " "
        + entry.action()
        + " by "
        + entry.by()
        + outcome
        + ": "
        + entry.message();
  }

  @Override
  public ReloadOutcome reload() {
    return reload(BY_JMX);
  }

  @Override
  public ReloadOutcome rollback() {
    return rollBack(BY_JMX);
  }

  /**
   * Reads the rules again, if they are still those that the caller has seen.
   *
   * @param by the administrator's name
   * @param expectedVersion of the rules that are served
   */
  ReloadOutcome reload(String by, long expectedVersion) throws AdminRefusal {
    synchronized (this) {
      expect(expectedVersion);
      return reload(by);
    }
  }

  /** Serves the rules of before again, on the same condition. */
  ReloadOutcome rollBack(String by, long expectedVersion) throws AdminRefusal {
    synchronized (this) {
      expect(expectedVersion);
      return rollBack(by);
    }
  }

  private void expect(long version) throws AdminRefusal {
    long served = getVersion();
    if (served != version) {
      throw new AdminRefusal(
          409,
          "VERSION_CHANGED",
          "version " + served + " is served now, not " + version + ": look at it first");
    }
  }

  private synchronized ReloadOutcome reload(String by) {
    RuleBook before = rules.current();
    return told(by, "reload", before, files.reload());
  }

  private synchronized ReloadOutcome rollBack(String by) {
    RuleBook before = rules.current();
    RuleBook book = rules.rollBack();
    if (book == null) {
      String message = "there is no version before this one; nothing was changed";
      return told(
          by,
          "rollback",
          before,
          new ReloadOutcome(false, before.version(), message, new String[0]));
    }
    String message =
        "version "
            + book.version()
            + " serves again what was before version "
            + before.version()
            + "; the next reload reads the files";
    LOG.info("Rolled back: " + message);
    return told(
        by, "rollback", before, new ReloadOutcome(true, book.version(), message, new String[0]));
  }

  /** How many changes of the rules there were since the start. */
  public long reloads() {
    return reloads.get();
  }

  /** How many were refused and changed nothing. */
  public long refusedReloads() {
    return refusedReloads.get();
  }

  private ReloadOutcome told(String by, String action, RuleBook before, ReloadOutcome outcome) {
    (outcome.isSucceeded() ? reloads : refusedReloads).incrementAndGet();
    List<ReloadEntry.Changed> changed =
        RuleChange.between(before, rules.current()).stream()
            .map(change -> new ReloadEntry.Changed(change.name(), change.change()))
            .toList();
    log.add(
        new ReloadEntry(
            time(Instant.now()),
            by,
            action,
            outcome.isSucceeded(),
            outcome.getVersion(),
            outcome.getMessage(),
            List.of(outcome.getFaults()),
            changed));
    return outcome;
  }
}
