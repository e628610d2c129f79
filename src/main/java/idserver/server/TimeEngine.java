package idserver.server;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.SteadyClock;
import idserver.counter.Wish;
import idserver.issue.TimeIdSource;
import idserver.reserve.BlockStore;
import idserver.reserve.CounterState;
import idserver.reserve.StoreException;
import idserver.timeid.SharedTimeIds;
import idserver.timeid.TimeIdClock;
import idserver.timeid.TimeIdKinds;
import idserver.timeid.TimeIdSettings;
import idserver.timeid.TimePromise;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The time ids of this server: all kinds, their clock, and the time that is promised to them.
 * Thread-safe.
 *
 * <p>Time is reserved like numbers: one row of this node whose reservation is a millisecond, always
 * some seconds ahead of the clock. No id has a time that is not reserved, and a server begins above
 * what is, whatever the wall clock says. Should a reservation not follow on the last one (an answer
 * of the database was lost, or another process runs with the same offset), everything begins anew
 * above it, as after a restart.
 */
final class TimeEngine implements TimeIdSource {
  private static final Logger LOG = Logger.getLogger(TimeEngine.class.getName());

  /** The row of the promise: no rule's name is empty. */
  static final CounterKey ROW = new CounterKey("", "time");

  private static final Numbering MILLISECONDS =
      new Numbering(new NumberRange(0, Long.MAX_VALUE / 2, 1, 0), Period.NEVER, 1);

  private static final long FOREVER = 0;

  private final AtomicBoolean failing = new AtomicBoolean();
  private final BlockStore store;
  private final int maxKinds;
  private final LongFunction<TimeIdClock> clocks;
  private volatile Generation generation;

  /** What begins anew together. */
  private record Generation(TimeIdClock clock, TimePromise promise, TimeIdKinds<CounterKey> kinds) {
    static Generation on(TimeIdClock clock, int maxKinds) {
      // no id has a time before the clock's start, so none before it needs a promise
      TimePromise promise = TimePromise.startingAfter(clock.startMs());
      return new Generation(clock, promise, new TimeIdKinds<>(clock, promise, maxKinds));
    }
  }

  private TimeEngine(
      BlockStore store, int maxKinds, LongFunction<TimeIdClock> clocks, long promisedMs) {
    this.store = store;
    this.maxKinds = maxKinds;
    this.clocks = clocks;
    this.generation = Generation.on(clocks.apply(promisedMs), maxKinds);
  }

  /**
   * Begins above all that this node has ever promised, with some seconds promised already.
   *
   * @param maxKinds how many kinds there may be
   * @param wall the time that is believed, where everything begins anew
   */
  static TimeEngine start(BlockStore store, int maxKinds, SteadyClock wall) throws StoreException {
    return start(
        store,
        maxKinds,
        promisedMs -> TimeIdClock.startingAt(Math.max(promisedMs, wall.believedMs())));
  }

  /**
   * As {@link #start(BlockStore, int, SteadyClock)}, on other clocks.
   *
   * @param clocks the clock that starts now, and not before that millisecond
   */
  static TimeEngine start(BlockStore store, int maxKinds, LongFunction<TimeIdClock> clocks)
      throws StoreException {
    CounterState stored = store.find(List.of(ROW)).get(ROW);
    long promisedMs = stored == null ? 0 : stored.reserved() + 1;
    TimeEngine engine = new TimeEngine(store, maxKinds, clocks, promisedMs);
    long aheadMs = engine.generation.clock().startMs() - System.currentTimeMillis();
    if (aheadMs > TimePromise.DEFAULT_AHEAD_MS + TimePromise.EXTENSION_MS) {
      LOG.warning(
          "The clock is "
              + aheadMs / 1000
              + " s behind what was promised to time ids before: they go on above it. Check the clock"
              + " of this machine.");
    }
    engine.keepPromised();
    return engine;
  }

  @Override
  public boolean has(CounterKey kind) {
    return generation.kinds().has(kind);
  }

  @Override
  public @Nullable SharedTimeIds of(CounterKey kind, TimeIdSettings settings) {
    return generation.kinds().get(kind, settings);
  }

  /**
   * Promises more time when little is left. To be called about once a second, by a thread that may
   * wait for the database.
   */
  synchronized void keepPromised() throws StoreException {
    Generation current = generation;
    long nowMs = current.clock().nowMs();
    long wantedMs = current.promise().wantedMs(nowMs);
    if (wantedMs == TimePromise.ENOUGH) {
      return;
    }
    long promisedMs = current.promise().promisedMs();
    Grant grant = store.reserve(List.of(wish(promisedMs, wantedMs, nowMs))).get(0);
    long until = grant.first() + grant.size();
    if (grant.first() != promisedMs) {
      Generation next = Generation.on(clocks.apply(grant.first()), maxKinds);
      next.promise().extendTo(until);
      generation = next;
    } else {
      current.promise().extendTo(until);
    }
  }

  /** Whether the promised time is used up, so that no id can be issued. */
  boolean isUsedUp() {
    Generation current = generation;
    return current.promise().promisedMs() <= current.clock().nowMs();
  }

  /** As {@link #keepPromised}, for a timer: an outage is told in the log. */
  void tick() {
    try {
      keepPromised();
      if (failing.getAndSet(false)) {
        LOG.info("Time is promised again to time ids");
      }
    } catch (StoreException e) {
      if (!failing.getAndSet(true)) {
        LOG.warning(
            "No time could be promised to time ids: they go on for some seconds, and it is tried again"
                + " until the database is back. Check that it runs and can be reached. "
                + e.getMessage());
      }
    }
  }

  private static Wish wish(long promisedMs, long wantedMs, long nowMs) {
    return new Wish(
        ROW,
        MILLISECONDS,
        FOREVER,
        wantedMs - promisedMs,
        FOREVER,
        Long.MAX_VALUE,
        promisedMs - 1,
        nowMs / 1000);
  }
}
