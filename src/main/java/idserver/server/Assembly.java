package idserver.server;

import idserver.admin.Administration;
import idserver.admin.AdministrationSource;
import idserver.admin.BlockLog;
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
import idserver.counter.Counters;
import idserver.counter.Leftover;
import idserver.counter.SteadyClock;
import idserver.gapfree.HoldFigures;
import idserver.gapfree.Holds;
import idserver.issue.IdIssuer;
import idserver.issue.IdService;
import idserver.issue.NewNames;
import idserver.issue.Tally;
import idserver.log.Logging;
import idserver.reserve.BlockStore;
import idserver.reserve.GiveBack;
import idserver.reserve.RecordingStore;
import idserver.reserve.RememberingStore;
import idserver.reserve.ReservationFigures;
import idserver.reserve.Reservations;
import idserver.reserve.StoreException;
import idserver.rule.RuleBook;
import idserver.rule.RuleFaults;
import idserver.rule.RuleLoader;
import idserver.rule.Rules;
import idserver.rule.TimeRule;
import idserver.store.CounterRegister;
import idserver.store.Database;
import idserver.store.Durability;
import idserver.store.JpaBlockStore;
import idserver.store.JpaHoldStore;
import idserver.store.NodeLease;
import idserver.store.Nodes;
import idserver.store.OtherServers;
import idserver.store.RuleRegister;
import idserver.strict.Lines;
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
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ScheduledFuture;
import java.util.function.LongConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The rooms put together, from start to stop. Thread-safe. */
final class Assembly {
  private static final Logger LOG = Logger.getLogger(Assembly.class.getName());

  /** How often parked requests are looked through for those who waited too long: 5 ms. */
  private static final long EXPIRY_NANOS = 5_000_000;

  /** How often it is looked whether time ids need more time promised. */
  private static final long PROMISE_MS = 1_000;

  /** How often it is looked for counters that are near the end of their range. */
  private static final long NEAR_END_MS = 30_000;

  /** How often it is looked, in an outage, whether gap-free numbers can be had again. */
  private static final long PROBE_MS = 1_000;

  /**
   * So many threads settle gap-free numbers, and so many reserve strict ones: while one commits,
   * the other takes up what comes.
   */
  private static final int SETTLERS = 2;

  /** So many years before the time ids of a rule run out, each start warns. */
  private static final double WARN_YEARS = 5;

  /** How long a stop waits for the reservations under way. */
  private static final long STOP_MS = 5_000;

  private final ServerConfig config;
  private final Logging logging = new Logging();
  private final SteadyClock clock;
  private final Database database;
  private final DataSource pool;
  private final Rules rules;
  private final Counters counters;
  private final Reservations reservations;
  private final Node node;
  private final JpaBlockStore rows;
  private final RememberingStore store;
  private final Holds holds;
  private final RememberingStore strictStore;
  private final Reservations strictReservations;
  private final Lines lines;
  private final TimeEngine timeIds;
  private final IdIssuer issuer;
  private final Tally udpTally = new Tally();
  private final Tally httpTally = new Tally();
  private final UdpAdapter udp;
  private final BlockLog blocks;
  private final RulesAdmin admin;
  private final Administration administration;
  private final Map<String, Object> beans = new TreeMap<>();
  private @Nullable LocalJmx jmx;
  private @Nullable UdpListener listener;
  private final List<Thread> expiries = new ArrayList<>();
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
    this.rows =
        new JpaBlockStore(container.transactions(), durability, config.idOffset(), node.idStep());
    this.blocks = new BlockLog(config.log().directory());
    this.store = node.guarded(rows);
    this.timeIds = timeEngine(config, store, clock);
    this.reservations =
        new Reservations(
            new RecordingStore(store, blocks::record),
            clock,
            config.writers(),
            config.queueSize(),
            drain -> container.writer().drain(drain));
    this.counters = new Counters(clock, reservations, config.maxCounters(), config.queueSize());
    JpaHoldStore held = new JpaHoldStore(container.transactions(), durability, clock);
    this.holds =
        new Holds(
            node.guarded(held),
            Math.min(SETTLERS, config.writers()),
            config.queueSize(),
            work -> container.writer().run(work));
    this.strictStore =
        node.remembered(
            new JpaBlockStore(
                container.transactions(), durability.locking(), config.idOffset(), node.idStep()));
    this.strictReservations =
        new Reservations(
            new RecordingStore(strictStore, blocks::record),
            clock,
            Math.min(SETTLERS, config.writers()),
            config.queueSize(),
            drain -> container.writer().drain(drain));
    this.lines = new Lines(strictReservations, clock, config.queueSize());
    this.issuer =
        new IdIssuer(
            rules,
            counters,
            clock,
            (key, found, failed) ->
                reservations.find(
                    key,
                    state ->
                        found.accept(
                            state.isPresent()
                                ? OptionalLong.of(state.get().reserved())
                                : OptionalLong.empty()),
                    failed),
            timeIds,
            new NewNames(config.maxCountersPerNetwork(), new SecureRandom().nextLong()),
            config.repetitions(),
            holds,
            lines,
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
            counters,
            new CounterRegister(container.transactions()),
            nodes,
            database.isShared()
                ? Optional.of(
                    new OtherServers(
                        container.transactions(), durability, config.idOffset(), node.idStep()))
                : Optional.empty(),
            blocks,
            new GapFreeCounters(holds, held),
            new StrictCounters(lines));
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
    // a thread of its own: a run of the container's timer costs 80 us, 200 times a second
    expire(container, "idserver-expiry", counters::awaitWaiting, counters::expire);
    expire(container, "idserver-gap-free-expiry", holds::awaitWaiting, holds::expire);
    expire(container, "idserver-strict-expiry", lines::awaitWaiting, lines::expire);
    chores.add(Chore.every(PROBE_MS, container, holds::probe, "see whether the database is back"));
    chores.add(Chore.every(PROMISE_MS, container, timeIds::tick, "promise time to time ids"));
    chores.add(
        Chore.every(NodeLease.RENEWAL_MS, container, () -> node.renew(clock), "renew the lease"));
    NearEnd nearEnd = new NearEnd(rules::current, counters, clock, System::nanoTime);
    chores.add(
        Chore.every(NEAR_END_MS, container, nearEnd::look, "look for counters near their end"));
    warmUp(container);
    beans.forEach(Beans::register);
    try {
      jmx = LocalJmx.open(ManagementFactory.getPlatformMBeanServer());
    } catch (IOException e) {
      throw new StartException("JMX cannot be opened: " + e.getMessage());
    }
    tellHowLongTimeIdsLast();
    container.writer().run(this::compare);
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

  /** Has a thread refuse those who are parked too long, until it is interrupted. */
  private void expire(Container container, String name, LongConsumer wait, LongConsumer refuse) {
    Thread expires = container.threads().newThread(() -> expire(wait, refuse));
    expires.setName(name);
    expires.start();
    expiries.add(expires);
  }

  private static void expire(LongConsumer wait, LongConsumer refuse) {
    while (!Thread.currentThread().isInterrupted()) {
      wait.accept(EXPIRY_NANOS);
      try {
        refuse.accept(System.nanoTime());
      } catch (RuntimeException e) {
        LOG.log(
            Level.SEVERE,
            "A fault of the server: could not refuse who was parked too long. This is a bug: report it with the log",
            e);
      }
    }
  }

  /** Goes the way of a reservation once, so that the first request does not wait for classes. */
  private void warmUp(Container container) throws StartException {
    try {
      WarmUp.run(rules, clock, rows, drain -> container.writer().drain(drain));
    } catch (StoreException e) {
      throw new StartException("The database refuses a reservation: " + e.getMessage());
    }
  }

  /** Nothing waits for it: each counter is looked after when it is used. */
  private void compare() {
    try {
      store.compare();
    } catch (StoreException e) {
      LOG.log(
          Level.WARNING,
          "The database does not answer, so it was not compared with the high-water file: each counter"
              + " is when it is used. Check that it runs and can be reached. "
              + e.getMessage());
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
        reservations.figures().plus(strictReservations.figures()),
        holds.figures(),
        RuleUsage.of(rules.current(), counters, clock.now()),
        clock.corrections(),
        admin.reloads(),
        admin.refusedReloads());
  }

  synchronized ServerStatus status() {
    UdpListener current = listener;
    boolean listening = current != null && current.isOpen();
    boolean down = reservations.isDown();
    // through an outage the blocks in hand serve, until the first request finds none
    boolean refusing = down && issuer.storeRefusalNanos() - reservations.downSinceNanos() >= 0;
    refusing |=
        strictReservations.isDown()
            && issuer.storeRefusalNanos() - strictReservations.downSinceNanos() >= 0;
    refusing |= holds.isDown() && issuer.storeRefusalNanos() - holds.downSinceNanos() >= 0;
    HoldFigures held = holds.figures();
    ReservationFigures reserved = reservations.figures().plus(strictReservations.figures());
    RuleBook book = rules.current();
    boolean lost = node.isLost();
    boolean withoutTime = !book.timeRules().isEmpty() && timeIds.isUsedUp();
    return new ServerStatus(
        issuer.isOpen() && listening && !refusing && !withoutTime && !lost,
        issuer.isOpen(),
        listening,
        down || holds.isDown() || strictReservations.isDown(),
        lost,
        store.olderCounters() + strictStore.olderCounters(),
        clock.doubtedMs() / 1000,
        config.idOffset(),
        node.idStep().known(),
        book.version(),
        book.names(),
        counters.size(),
        counters.waiting() + lines.waiting(),
        reservations.queued() + strictReservations.queued(),
        counters.parked() + lines.parked(),
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
    lines.stop();
    reservations.stop();
    strictReservations.stop();
    holds.stop();
    awaitIdle();
    giveBack(counters.close());
    blocks.close();
    expiries.forEach(Thread::interrupt);
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

  private void awaitIdle() {
    if (!reservations.awaitIdle(STOP_MS)
        || !strictReservations.awaitIdle(STOP_MS)
        || !holds.awaitIdle(STOP_MS)) {
      LOG.warning(
          "A reservation under way did not end; numbers of its block may be lost, which harms nothing."
              + " Check that the database runs");
    }
  }

  private void closeDatabase() {
    try {
      database.close(pool);
    } catch (SQLException e) {
      LOG.log(Level.FINE, "The database file could not be closed", e);
    }
  }

  private void giveBack(List<Leftover> leftovers) {
    try {
      int taken = GiveBack.to(store, leftovers);
      LOG.info("Given back what " + taken + " of " + leftovers.size() + " counters had left");
    } catch (StoreException e) {
      LOG.log(
          Level.WARNING,
          "What the counters had left could not be given back and is lost, which harms nothing. Check"
              + " that the database runs. "
              + e.getMessage());
    }
  }
}
