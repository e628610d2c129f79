package idserver.server;

import idserver.admin.Administration;
import idserver.admin.AdministrationSource;
import idserver.admin.DescribedBean;
import idserver.admin.Figures;
import idserver.admin.GapFreeCounters;
import idserver.admin.Measures;
import idserver.admin.NearEnd;
import idserver.admin.ReloadLog;
import idserver.admin.RuleUsage;
import idserver.admin.RulesAdmin;
import idserver.admin.RulesMXBean;
import idserver.admin.ServerBeans;
import idserver.admin.ServerStatus;
import idserver.admin.StrictCounters;
import idserver.config.ServerConfig;
import idserver.control.LocalJmx;
import idserver.counter.SteadyClock;
import idserver.gapfree.HoldFigures;
import idserver.issue.IdIssuer;
import idserver.issue.IdService;
import idserver.issue.NewNames;
import idserver.issue.Tally;
import idserver.log.Logging;
import idserver.reserve.BlockStore;
import idserver.reserve.ReservationFigures;
import idserver.reserve.StoreException;
import idserver.rule.RuleBook;
import idserver.rule.RuleFaults;
import idserver.rule.RuleLoader;
import idserver.rule.Rules;
import idserver.rule.TimeRule;
import idserver.store.CounterRegister;
import idserver.store.Database;
import idserver.store.Durability;
import idserver.store.NodeLease;
import idserver.store.Nodes;
import idserver.store.OtherServers;
import idserver.store.RuleRegister;
import idserver.timeid.TimeIdFormat;
import idserver.udp.UdpAdapter;
import idserver.udp.UdpListener;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ScheduledFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The rooms put together, from start to stop. Thread-safe. */
final class Assembly {
  private static final Logger LOG = Logger.getLogger(Assembly.class.getName());

  /** How often it is looked whether time ids need more time promised. */
  private static final long PROMISE_MS = 1_000;

  /** How often it is looked for counters that are near the end of their range. */
  private static final long NEAR_END_MS = 30_000;

  /** How often it is looked, in an outage, whether gap-free numbers can be had again. */
  private static final long PROBE_MS = 1_000;

  /** So many years before the time ids of a rule run out, each start warns. */
  private static final double WARN_YEARS = 5;

  private final ServerConfig config;
  private final Logging logging = new Logging();
  private final SteadyClock clock;
  private final Database database;
  private final DataSource pool;
  private final Rules rules;
  private final Node node;
  private final Supply supply;
  private final TimeEngine timeIds;
  private final IdIssuer issuer;
  private final Tally udpTally = new Tally();
  private final Tally httpTally = new Tally();
  private final UdpAdapter udp;
  private final RulesAdmin admin;
  private final Administration administration;
  private final Map<String, Object> beans = new TreeMap<>();
  private @Nullable LocalJmx jmx;
  private @Nullable UdpListener listener;
  private final List<ScheduledFuture<?>> chores = new ArrayList<>();
  private boolean stopped;

  private Assembly(
      ServerConfig config,
      Container container,
      SteadyClock clock,
      Rules rules,
      Database database,
      Nodes nodes,
      Node node)
      throws StartException {
    this.config = config;
    this.clock = clock;
    this.rules = rules;
    this.database = database;
    this.node = node;
    this.pool = container.pool();
    Durability durability = database.durability(pool);
    this.supply = new Supply(config, container, clock, durability, node);
    this.timeIds = timeEngine(config, supply.store(), clock);
    this.issuer =
        new IdIssuer(
            rules,
            supply.counters(),
            clock,
            supply.stored(),
            timeIds,
            new NewNames(config.maxCountersPerNetwork(), new SecureRandom().nextLong()),
            config.repetitions(),
            supply.holds(),
            supply.lines(),
            config.idOffset());
    this.udp = new UdpAdapter(container.threads(), issuer, issuer::desk, udpTally);
    RuleRegister register = register(config, container);
    this.admin =
        new RulesAdmin(
            rules, new Reload(config, rules, register, logging), new ReloadLog(config.dataDir()));
    beans.put(RulesAdmin.NAME, DescribedBean.of(admin, RulesMXBean.class));
    beans.putAll(ServerBeans.of(this::figures, logging::level, logging::setLevel));
    this.administration =
        new Administration(
            config.idOffset(),
            config.timeZone(),
            admin,
            loader(config, clock),
            clock,
            supply.counters(),
            new CounterRegister(container.transactions()),
            nodes,
            database.isShared()
                ? Optional.of(
                    new OtherServers(
                        container.transactions(), durability, config.idOffset(), node.idStep()))
                : Optional.empty(),
            supply.blocks(),
            new GapFreeCounters(supply.holds(), supply.held()),
            new StrictCounters(supply.lines()));
  }

  static Assembly start(ServerConfig config, Container container) throws StartException {
    SteadyClock clock = new SteadyClock(System::currentTimeMillis, config.timeZone());
    Rules rules = load(config, clock);
    Database database = Database.of(config.database(), config.dataDir());
    prepare(config, database);
    boolean shared = database.isShared();
    Nodes nodes = new Nodes(container.transactions(), shared);
    Node node = Node.enter(config, nodes, shared);
    Assembly assembly;
    try {
      assembly = new Assembly(config, container, clock, rules, database, nodes, node);
    } catch (StartException | RuntimeException e) {
      node.leave();
      throw e;
    }
    try {
      assembly.open(container);
      return assembly;
    } catch (StartException | RuntimeException e) {
      assembly.stop();
      throw e;
    }
  }

  private static RuleRegister register(ServerConfig config, Container container)
      throws StartException {
    RuleRegister register = new RuleRegister(container.transactions());
    try {
      List<String> faults = register.enter(config.ruleEntries());
      if (!faults.isEmpty()) {
        throw new StartException(faults);
      }
      return register;
    } catch (StoreException e) {
      throw new StartException("The rules cannot be compared with the database: " + e.getMessage());
    }
  }

  private static TimeEngine timeEngine(ServerConfig config, BlockStore store, SteadyClock clock)
      throws StartException {
    try {
      return TimeEngine.start(store, config.maxCounters(), clock);
    } catch (StoreException e) {
      throw new StartException("The database refuses a reservation: " + e.getMessage());
    }
  }

  private static RuleLoader loader(ServerConfig config, SteadyClock clock) {
    return new RuleLoader(config.rulesDir(), config.idStep(), config.idOffset(), clock);
  }

  private static Rules load(ServerConfig config, SteadyClock clock) throws StartException {
    try {
      return Rules.load(loader(config, clock), config.rules(), config.timeRules());
    } catch (RuleFaults e) {
      throw new StartException(e.faults());
    }
  }

  private static void prepare(ServerConfig config, Database database) throws StartException {
    try {
      Files.createDirectories(config.dataDir());
      database.prepare();
      database.warnings().forEach(LOG::warning);
    } catch (SQLException e) {
      throw new StartException(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new StartException("data_dir cannot be made: " + e.getMessage());
    }
  }

  private synchronized void open(Container container) throws StartException {
    logging.apply(config.log());
    supply.open(container);
    chores.add(
        Chore.every(
            PROBE_MS, container, supply.holds()::probe, "see whether the database is back"));
    chores.add(Chore.every(PROMISE_MS, container, timeIds::tick, "promise time to time ids"));
    chores.add(
        Chore.every(NodeLease.RENEWAL_MS, container, () -> node.renew(clock), "renew the lease"));
    NearEnd nearEnd = new NearEnd(rules::current, supply.counters(), clock, System::nanoTime);
    chores.add(
        Chore.every(NEAR_END_MS, container, nearEnd::look, "look for counters near their end"));
    supply.warmUp(rules, container);
    beans.forEach(Beans::register);
    try {
      jmx = LocalJmx.open(ManagementFactory.getPlatformMBeanServer());
    } catch (IOException e) {
      throw new StartException("JMX cannot be opened: " + e.getMessage());
    }
    tellHowLongTimeIdsLast();
    container.writer().run(supply::compare);
    issuer.open();
    try {
      listener = udp.activate(config.udp());
    } catch (IOException e) {
      throw new StartException(String.valueOf(e.getMessage()));
    }
    admin.started();
  }

  private void tellHowLongTimeIdsLast() {
    for (TimeRule rule : rules.current().timeRules()) {
      TimeIdFormat format = rule.timeIds().format();
      double years = format.yearsLeft(System.currentTimeMillis());
      String told =
          "rule " + rule.name() + ": its time ids last until the year " + format.lastYear();
      if (years < WARN_YEARS) {
        LOG.warning(told + ". Plan a rule with a later epoch and another name.");
      } else {
        LOG.info(told);
      }
    }
  }

  IdService service() {
    return issuer;
  }

  Tally httpTally() {
    return httpTally;
  }

  Administration administration() {
    return administration;
  }

  Optional<AdministrationSource.Account> account() {
    return config
        .admin()
        .map(admin -> new AdministrationSource.Account(admin.user(), admin.password()));
  }

  Figures figures() {
    return new Figures(System.nanoTime(), udpTally.figures(), httpTally.figures(), status());
  }

  Measures measures() {
    return new Measures(
        figures(),
        supply.figures(),
        supply.holds().figures(),
        RuleUsage.of(rules.current(), supply.counters(), clock.now()),
        clock.corrections(),
        admin.reloads(),
        admin.refusedReloads());
  }

  synchronized ServerStatus status() {
    UdpListener current = listener;
    boolean listening = current != null && current.isOpen();
    boolean refusing = supply.isRefusing(issuer.storeRefusalNanos());
    HoldFigures held = supply.holds().figures();
    ReservationFigures reserved = supply.figures();
    RuleBook book = rules.current();
    boolean lost = node.isLost();
    boolean withoutTime = !book.timeRules().isEmpty() && timeIds.isUsedUp();
    return new ServerStatus(
        issuer.isOpen() && listening && !refusing && !withoutTime && !lost,
        issuer.isOpen(),
        listening,
        supply.isDown(),
        lost,
        supply.olderCounters(),
        clock.doubtedMs() / 1000,
        config.idOffset(),
        node.idStep().known(),
        book.version(),
        book.names(),
        supply.counters().size(),
        supply.waiting(),
        supply.queued(),
        supply.parked(),
        reserved.committed(),
        reserved.blocks(),
        current == null ? 0 : current.received(),
        current == null ? 0 : current.lost(),
        current == null ? 0 : current.dropped(),
        current == null ? 0 : current.suppressed(),
        issuer.repetitionsAnswered(),
        issuer.requestIdsHeld(),
        held.held(),
        held.confirmed(),
        held.cancelled(),
        held.lapsed());
  }

  synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    // the end of the process takes the file away before the last lines
    logging.apply(config.log());
    // who asks from now on is told so until the end, and can ask the next server
    issuer.close();
    closeJmx();
    chores.forEach(chore -> chore.cancel(false));
    supply.stop();
    if (listener != null) {
      udp.deactivate(listener);
    }
    node.leave();
    closeDatabase();
    LOG.info("id_server has stopped");
    logging.close();
  }

  private synchronized void closeJmx() {
    beans.keySet().forEach(Beans::unregister);
    try {
      if (jmx != null) {
        jmx.close();
      }
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "JMX could not be closed. Nothing is to be done, unless the container goes on: restart it then",
          e);
    }
  }

  private void closeDatabase() {
    try {
      database.close(pool);
    } catch (SQLException e) {
      LOG.log(Level.FINE, "The database file could not be closed", e);
    }
  }
}
