package idserver.config;

import idserver.issue.RepetitionSettings;
import idserver.log.LogSettings;
import idserver.rule.RuleSource;
import idserver.rule.TimeRule;
import idserver.store.DatabaseSettings;
import idserver.store.RuleEntry;
import idserver.timeid.TimeIdSettings;
import idserver.udp.UdpSettings;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One server's configuration, checked. Immutable.
 *
 * @param file where it was read from
 * @param log what is logged, and where
 * @param udp the UDP address
 * @param httpHost the address HTTP is served on
 * @param httpPort its port
 * @param writers {@code thread_count}: how many threads write reservations
 * @param queueSize how many wishes for blocks, and how many requests, may wait
 * @param maxCounters how many namespaces may be in use at once
 * @param maxCountersPerNetwork how many of them may be brought by the clients of one network
 * @param repetitions how much of answered requests is remembered for their repetitions
 * @param idStep distance between two numbers of this server: how many equal servers there are
 * @param idOffset this server's place among them
 * @param database the database server, or empty for the embedded one
 * @param dataDir where the embedded database and the run's files are
 * @param trustDatabase whether to start where the high-water file of a known node is missing
 * @param rulesDir where the Lua files are
 * @param timeZone the zone whose dates the ids carry
 * @param rules the rules in Lua to serve
 * @param timeRules the rules of type {@code time} to serve
 * @param admin who may administer over HTTP; empty: nobody
 */
public record ServerConfig(
    Path file,
    LogSettings log,
    UdpSettings udp,
    String httpHost,
    int httpPort,
    int writers,
    int queueSize,
    int maxCounters,
    int maxCountersPerNetwork,
    RepetitionSettings repetitions,
    int idStep,
    int idOffset,
    Optional<DatabaseSettings> database,
    Path dataDir,
    boolean trustDatabase,
    Path rulesDir,
    ZoneId timeZone,
    List<RuleSource> rules,
    List<TimeRule> timeRules,
    Optional<AdminAccount> admin) {

  public ServerConfig {
    rules = List.copyOf(rules);
    timeRules = List.copyOf(timeRules);
  }

  /**
   * Whether all that cannot be reloaded is the same in the other one. Rules and logging can be
   * reloaded; the rest needs a restart.
   */
  public boolean sameButForRulesAndLog(ServerConfig other) {
    return equals(
        new ServerConfig(
            other.file,
            log,
            other.udp,
            other.httpHost,
            other.httpPort,
            other.writers,
            other.queueSize,
            other.maxCounters,
            other.maxCountersPerNetwork,
            other.repetitions,
            other.idStep,
            other.idOffset,
            other.database,
            other.dataDir,
            other.trustDatabase,
            other.rulesDir,
            other.timeZone,
            rules,
            timeRules,
            other.admin));
  }

  /** What the ids of each rule are made with, and must be made with from now on. */
  public List<RuleEntry> ruleEntries() {
    List<RuleEntry> entries = new ArrayList<>();
    for (RuleSource rule : rules) {
      entries.add(entry(rule.name(), allocation(rule), rule.timeIds()));
    }
    for (TimeRule rule : timeRules) {
      entries.add(entry(rule.name(), "", Optional.of(rule.timeIds())));
    }
    return entries;
  }

  private static String allocation(RuleSource rule) {
    if (rule.confirmSeconds().isPresent()) {
      return RuleEntry.GAP_FREE;
    }
    if (rule.strict()) {
      return RuleEntry.STRICT;
    }
    return rule.shared() ? RuleEntry.SHARED : RuleEntry.INTERLEAVED;
  }

  private static RuleEntry entry(String name, String allocation, Optional<TimeIdSettings> timeIds) {
    return timeIds
        .map(TimeIdSettings::format)
        .map(
            format ->
                new RuleEntry(
                    name,
                    allocation,
                    format.layout().name().toLowerCase(Locale.ROOT),
                    format.epochMs()))
        .orElseGet(() -> new RuleEntry(name, allocation, "", 0));
  }
}
