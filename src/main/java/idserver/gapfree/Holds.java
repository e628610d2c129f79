package idserver.gapfree;

import idserver.reserve.ConflictException;
import idserver.reserve.StoreException;
import idserver.reserve.WaitingRoom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The asks that wait for the database, and the loop that settles them: those that came while a
 * commit was under way share the next one. Thread-safe: any thread asks and none waits; up to
 * {@code writers} threads of the container drain.
 */
public final class Holds {
  private static final Logger LOG = Logger.getLogger(Holds.class.getName());

  /** Asks in one transaction, at the most. */
  private static final int BATCH = 100;

  /** A conflict is tried again at once, so many times; then who asked may ask again. */
  private static final int CONFLICTS = 5;

  private final HoldStore store;
  private final int writers;
  private final Consumer<Runnable> startWriter;

  private final Queue<Parked> queue = new ConcurrentLinkedQueue<>();
  // those that nobody has told yet, a writer's own included
  private final WaitingRoom<Parked> parked;
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicBoolean down = new AtomicBoolean();
  private volatile long downSinceNanos;
  private volatile boolean stopped;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();

  private final LongAdder held = new LongAdder();
  private final LongAdder repeated = new LongAdder();
  private final LongAdder confirmed = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder lapsed = new LongAdder();
  private final LongAdder older = new LongAdder();

  /** One who waits; told once, by whoever takes it out of the set first. */
  private static final class Parked implements WaitingRoom.Guest {
    final Ask ask;
    final Asker asker;
    final long deadlineNanos;

    Parked(Ask ask, Asker asker, long deadlineNanos) {
      this.ask = ask;
      this.asker = asker;
      this.deadlineNanos = deadlineNanos;
    }

    @Override
    public long deadlineNanos() {
      return deadlineNanos;
    }
  }

  /**
   * @param writers how many threads may drain at once, 1 or more
   * @param mostWaiting how many asks may wait at once, 1 or more
   * @param startWriter has another thread do that work; must not wait
   */
  public Holds(HoldStore store, int writers, int mostWaiting, Consumer<Runnable> startWriter) {
    this.store = store;
    this.writers = writers;
    this.parked = new WaitingRoom<>(mostWaiting);
    this.startWriter = startWriter;
  }

  /**
   * Has an ask settled, with those that come at about the same time.
   *
   * @param deadlineNanos when the asker wants to be told at the latest, on the clock of {@link
   *     System#nanoTime}
   * @param asker told once, perhaps by this thread
   */
  public void ask(Ask ask, long deadlineNanos, Asker asker) {
    if (stopped) {
      asker.closed();
      return;
    }
    Parked one = new Parked(ask, asker, deadlineNanos);
    if (!parked.enter(one)) {
      asker.crowded();
      return;
    }
    queue.add(one);
    wakeWriter();
    if (stopped) {
      // a stop that came in between has told those it saw
      tell(one, Asker::closed);
    }
  }

  private void wakeWriter() {
    int busy = running.get();
    // even when one is busy: it may be waiting for a database that hangs
    while (busy < writers) {
      if (running.compareAndSet(busy, busy + 1)) {
        try {
          startWriter.accept(this::drain);
        } catch (RuntimeException e) {
          ended();
          // who waits is told at its deadline, and the next one brings a writer
          LOG.log(
              Level.WARNING,
              "No thread can be had to settle gap-free numbers; the next request asks for one"
                  + " again. See that the machine has memory and processes left",
              e);
        }
        return;
      }
      busy = running.get();
    }
  }

  private void drain() {
    try {
      List<Parked> batch = take();
      while (!batch.isEmpty()) {
        settle(batch);
        batch = take();
      }
    } finally {
      ended();
      // one that came between the last look and the line above found this writer busy
      if (!queue.isEmpty()) {
        wakeWriter();
      }
    }
  }

  private void ended() {
    lock.lock();
    try {
      running.decrementAndGet();
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The next batch; without those who have been told already, as they were late. */
  private List<Parked> take() {
    List<Parked> batch = new ArrayList<>();
    while (batch.size() < BATCH) {
      Parked next = queue.poll();
      if (next == null) {
        break;
      }
      if (parked.holds(next)) {
        batch.add(next);
      }
    }
    return batch;
  }

  private void settle(List<Parked> batch) {
    try {
      settle(batch, CONFLICTS);
    } catch (StoreException e) {
      failed(e);
    } catch (RuntimeException e) {
      LOG.log(
          Level.SEVERE,
          "Gap-free numbers could not be settled by a fault of the server. This is a bug: report it"
              + " with the log",
          e);
    } finally {
      // those that nobody has told: what became of them is not known
      batch.forEach(one -> tell(one, Asker::unsettled));
    }
  }

  /** Settles all in one transaction; and, after a conflict, one by one. */
  private void settle(List<Parked> batch, int tries) throws StoreException {
    Settled settled;
    try {
      settled = store.settle(batch.stream().map(one -> one.ask).toList(), Map.of());
    } catch (ConflictException e) {
      if (tries == 0) {
        LOG.log(Level.FINE, "Others were on the same gap-free counter again and again", e);
        return;
      }
      for (Parked one : batch) {
        if (parked.holds(one)) {
          settle(List.of(one), tries - 1);
        }
      }
      return;
    }
    worked();
    older.add(settled.older().size());
    for (int i = 0; i < batch.size(); i++) {
      Outcome outcome = settled.outcomes().get(i);
      count(outcome);
      tell(batch.get(i), asker -> asker.settled(outcome));
    }
  }

  /** One who fails must not keep the others from their answers. */
  private void tell(Parked one, Consumer<Asker> answer) {
    if (!parked.leave(one)) {
      return;
    }
    try {
      answer.accept(one.asker);
    } catch (RuntimeException e) {
      LOG.log(
          Level.SEVERE,
          "An answer failed by a fault of the server. This is a bug: report it with the log",
          e);
    }
  }

  private void count(Outcome outcome) {
    if (outcome instanceof Outcome.Given given) {
      if (given.source() == Outcome.Source.REPEATED) {
        repeated.increment();
        return;
      }
      held.increment();
      if (given.source() == Outcome.Source.LAPSED) {
        lapsed.increment();
      }
    } else if (outcome instanceof Outcome.Confirmed now && now.first()) {
      confirmed.increment();
    } else if (outcome instanceof Outcome.Cancelled now && now.first()) {
      cancelled.increment();
    }
  }

  private void failed(StoreException e) {
    if (down.compareAndSet(false, true)) {
      downSinceNanos = System.nanoTime();
      LOG.warning(
          "The database does not answer: gap-free numbers are refused until it is back. Check that"
              + " it runs and can be reached. "
              + e.getMessage());
    }
  }

  private void worked() {
    if (down.get() && down.compareAndSet(true, false)) {
      LOG.info("Gap-free numbers can be had again");
    }
  }

  /**
   * Asks the store, where it failed when it was last asked, whether it works again. For a thread
   * that may wait for the database.
   */
  public void probe() {
    if (!down.get()) {
      return;
    }
    try {
      store.settle(List.of(), Map.of());
      worked();
    } catch (StoreException e) {
      LOG.log(Level.FINE, "still down", e);
    }
  }

  /** Whether the store failed when it was last asked. */
  public boolean isDown() {
    return down.get();
  }

  /** When the outage began, by {@link System#nanoTime}; of no meaning when there is none. */
  public long downSinceNanos() {
    return downSinceNanos;
  }

  /**
   * Waits while nobody is parked, and then so much longer. For the one thread that calls {@link
   * #expire}; returns early when that is interrupted.
   */
  public void awaitWaiting(long nanos) {
    parked.awaitGuests(nanos);
  }

  /** Tells those whose deadline has passed. To be called every few milliseconds. */
  public void expire(long nowNanos) {
    parked.expire(nowNanos, one -> tell(one, Asker::unsettled));
  }

  /** Takes no more asks, and refuses those that wait. */
  public void stop() {
    stopped = true;
    parked.forEach(one -> tell(one, Asker::closed));
  }

  /**
   * Waits until no writer is at work.
   *
   * @return false when one still is after that time
   */
  public boolean awaitIdle(long timeoutMs) {
    long left = TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    lock.lock();
    try {
      while (running.get() > 0 && left > 0) {
        left = ended.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return running.get() == 0;
  }

  /** What it has come to since the start. */
  public HoldFigures figures() {
    return new HoldFigures(
        held.sum(),
        repeated.sum(),
        confirmed.sum(),
        cancelled.sum(),
        lapsed.sum(),
        older.sum(),
        parked.size());
  }
}
