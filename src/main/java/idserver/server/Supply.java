package idserver.server;

import idserver.admin.BlockLog;
import idserver.config.ServerConfig;
import idserver.counter.Counters;
import idserver.counter.Leftover;
import idserver.counter.SteadyClock;
import idserver.gapfree.Holds;
import idserver.issue.StoredCounters;
import idserver.reserve.BlockStore;
import idserver.reserve.GiveBack;
import idserver.reserve.RecordingStore;
import idserver.reserve.RememberingStore;
import idserver.reserve.ReservationFigures;
import idserver.reserve.Reservations;
import idserver.reserve.StoreException;
import idserver.rule.Rules;
import idserver.store.Durability;
import idserver.store.JpaBlockStore;
import idserver.store.JpaHoldStore;
import idserver.strict.Lines;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Where numbers come from, between those who ask and the rows: blocks ahead of use, the lines of
 * strict counters, the holds of gap-free ones. Thread-safe.
 */
final class Supply {
  private static final Logger LOG = Logger.getLogger(Supply.class.getName());

  /** How often those who wait are looked through for who waited too long: 5 ms. */
  private static final long EXPIRY_NANOS = 5_000_000;

  /**
   * So many threads settle gap-free numbers, and so many reserve strict ones: while one commits,
   * the other takes up what comes.
   */
  private static final int SETTLERS = 2;

  /** How long a stop waits for the reservations under way. */
  private static final long STOP_MS = 5_000;

  private final SteadyClock clock;
  private final JpaBlockStore rows;
  private final RememberingStore store;
  private final BlockLog blocks;
  private final Counters counters;
  private final Reservations reservations;
  private final JpaHoldStore held;
  private final Holds holds;
  private final RememberingStore strictStore;
  private final Reservations strictReservations;
  private final Lines lines;
  private final List<Thread> expiries = new ArrayList<>();

  /**
   * @param node for which the store is guarded
   */
  Supply(
      ServerConfig config, Container container, SteadyClock clock, Durability durability, Node node)
      throws StartException {
    this.clock = clock;
    Consumer<Reservations> startWriter = drain -> container.writer().drain(drain);
    this.rows =
        new JpaBlockStore(container.transactions(), durability, config.idOffset(), node.idStep());
    this.blocks = new BlockLog(config.log().directory());
    this.store = node.guarded(rows);
    this.reservations =
        new Reservations(
            new RecordingStore(store, blocks::record),
            clock,
            config.writers(),
            config.queueSize(),
            startWriter);
    this.counters = new Counters(clock, reservations, config.maxCounters(), config.queueSize());
    this.held = new JpaHoldStore(container.transactions(), durability, clock);
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
            // without a record: each commit of a busy counter would be a line of it
            strictStore,
            clock,
            Math.min(SETTLERS, config.writers()),
            config.queueSize(),
            startWriter);
    this.lines = new Lines(strictReservations, clock, config.queueSize());
  }

  /** Begins to refuse those who wait too long. */
  void open(Container container) {
    // a thread of its own: a run of the container's timer costs 80 us, 200 times a second
    expire(container, "idserver-expiry", counters::awaitWaiting, counters::expire);
    expire(container, "idserver-gap-free-expiry", holds::awaitWaiting, holds::expire);
    expire(container, "idserver-strict-expiry", lines::awaitWaiting, lines::expire);
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
  void warmUp(Rules rules, Container container) throws StartException {
    try {
      WarmUp.run(rules, clock, rows, drain -> container.writer().drain(drain));
    } catch (StoreException e) {
      throw new StartException("The database refuses a reservation: " + e.getMessage());
    }
  }

  /** Nothing waits for it: each counter is looked after when it is used. */
  void compare() {
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

  Counters counters() {
    return counters;
  }

  Holds holds() {
    return holds;
  }

  JpaHoldStore held() {
    return held;
  }

  Lines lines() {
    return lines;
  }

  BlockLog blocks() {
    return blocks;
  }

  /** For what is reserved beside the counters. */
  BlockStore store() {
    return store;
  }

  /** For who asks of a counter that has not been used since the start. */
  StoredCounters stored() {
    return (key, found, failed) ->
        reservations.find(
            key,
            state ->
                found.accept(
                    state.isPresent()
                        ? OptionalLong.of(state.get().reserved())
                        : OptionalLong.empty()),
            failed);
  }

  /** Whether the store failed when anyone last asked it. */
  boolean isDown() {
    return reservations.isDown() || strictReservations.isDown() || holds.isDown();
  }

  /**
   * Whether requests have been refused since it failed: through an outage the blocks in hand serve,
   * until the first request finds none.
   *
   * @param refusalNanos when one was last refused for want of the store
   */
  boolean isRefusing(long refusalNanos) {
    return (reservations.isDown() && refusalNanos - reservations.downSinceNanos() >= 0)
        || (strictReservations.isDown() && refusalNanos - strictReservations.downSinceNanos() >= 0)
        || (holds.isDown() && refusalNanos - holds.downSinceNanos() >= 0);
  }

  ReservationFigures figures() {
    return reservations.figures().plus(strictReservations.figures());
  }

  int olderCounters() {
    return store.olderCounters() + strictStore.olderCounters();
  }

  int waiting() {
    return counters.waiting() + lines.waiting();
  }

  int queued() {
    return reservations.queued() + strictReservations.queued();
  }

  long parked() {
    return counters.parked() + lines.parked();
  }

  /** Takes no more wishes, waits for what is under way, and gives back what is left. */
  void stop() {
    lines.stop();
    reservations.stop();
    strictReservations.stop();
    holds.stop();
    awaitIdle();
    giveBack(counters.close());
    blocks.close();
    expiries.forEach(Thread::interrupt);
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
