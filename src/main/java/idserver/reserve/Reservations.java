package idserver.reserve;

import idserver.counter.BlockDemand;
import idserver.counter.Counter;
import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.SteadyClock;
import idserver.counter.Wish;
import idserver.counter.Wishing;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The queue of wanted blocks and the loop that fulfils them. Thread-safe: any thread asks, up to
 * {@code writers} threads of the container drain.
 *
 * <p>A writer is started when there is work and none is free, and ends when there is none. After a
 * failure the wishes stand, and are tried again until the store is back.
 */
public final class Reservations implements BlockDemand {
  private static final Logger LOG = Logger.getLogger(Reservations.class.getName());

  /** Wishes in one transaction, at the most. */
  private static final int BATCH = 500;

  /** A conflict is tried again at once, so many times, and then after a pause. */
  private static final int CONFLICTS = 3;

  /** Questions are not asked more often than that, but together. */
  private static final long COLLECTING_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final String NO_THREAD =
      "No thread can be had to reserve blocks; the next request asks for one again. See that the"
          + " machine has memory and processes left";

  /** Pause after a failure, doubled up to the longest. */
  private static final long SHORTEST_PAUSE_MS = 50;

  private static final long LONGEST_PAUSE_MS = 500;

  private final BlockStore store;
  private final SteadyClock clock;
  private final int writers;
  private final int queueSize;
  private final Consumer<Reservations> startWriter;

  private final Queue<Wishing> wanted = new ConcurrentLinkedQueue<>();
  private final Queue<Lookup> lookups = new ConcurrentLinkedQueue<>();
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile long askedNanos = System.nanoTime() - COLLECTING_NANOS;
  private final StoreHealth health = new StoreHealth();
  private final LongAdder committed = new LongAdder();
  private final LongAdder blocks = new LongAdder();
  private final LongAdder storeNanos = new LongAdder();
  private final LongAdder conflicts = new LongAdder();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean stopped;

  /** A question for a counter's row; answered once, empty when there is none. */
  private record Lookup(CounterKey key, Consumer<Optional<CounterState>> found, Runnable failed) {}

  /**
   * @param writers how many threads may drain at once, 1 or more
   * @param queueSize how many wishes may wait, 1 or more; half as many questions
   * @param startWriter has another thread call {@link #drain}; must not wait
   */
  public Reservations(
      BlockStore store,
      SteadyClock clock,
      int writers,
      int queueSize,
      Consumer<Reservations> startWriter) {
    this.store = store;
    this.clock = clock;
    this.writers = writers;
    this.queueSize = queueSize;
    this.startWriter = startWriter;
  }

  @Override
  public boolean want(Counter counter) {
    return want((Wishing) counter);
  }

  /**
   * As {@link #want(Counter)}, for whoever wishes. It is asked for its wish by one thread at a time
   * if it does not want another block before the wish has been answered, or found to be none.
   */
  public boolean want(Wishing wishing) {
    return enqueue(wanted, wishing, queueSize);
  }

  /**
   * Reads a counter's row, on a writer's thread.
   *
   * @param found told the row, or empty when there is none
   * @param failed told when the store cannot be asked
   * @return false when the queue is half full, and nobody is told
   */
  public boolean find(CounterKey key, Consumer<Optional<CounterState>> found, Runnable failed) {
    // so that a flood of questions leaves room for wishes
    return enqueue(lookups, new Lookup(key, found, failed), (queueSize + 1) / 2);
  }

  private <T> boolean enqueue(Queue<T> queue, T item, int most) {
    if (stopped || queued.get() >= most) {
      return false;
    }
    queued.incrementAndGet();
    queue.add(item);
    try {
      if (hasWork()) {
        wakeWriter();
      }
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, NO_THREAD, e);
      return !withdraw(queue, item);
    }
    // a stop that came in between has told those it saw
    return !stopped || !withdraw(queue, item);
  }

  /** False when a writer has taken it. */
  private <T> boolean withdraw(Queue<T> queue, T item) {
    boolean withdrawn = queue.remove(item);
    if (withdrawn) {
      queued.decrementAndGet();
    }
    return withdrawn;
  }

  /** Whether there is anything that no writer is at. */
  private boolean hasWork() {
    // who is asking looks again before it ends
    return !wanted.isEmpty() || (!lookups.isEmpty() && !asking.get());
  }

  private void wakeWriter() {
    int busy = running.get();
    // even when one is busy: it may be waiting for a database that hangs
    while (busy < writers) {
      if (running.compareAndSet(busy, busy + 1)) {
        try {
          startWriter.accept(this);
        } catch (RuntimeException e) {
          running.decrementAndGet();
          throw e;
        }
        return;
      }
      busy = running.get();
    }
  }

  /**
   * Fulfils wishes until there are none. To be called by the thread that {@code startWriter} got.
   */
  public void drain() {
    try {
      long pauseMs = SHORTEST_PAUSE_MS;
      // an interrupted writer ends, and another one goes on
      while (!stopped && !Thread.currentThread().isInterrupted()) {
        boolean answered = answerLookups();
        boolean granted = grantWishes();
        if (answered && granted) {
          pauseMs = SHORTEST_PAUSE_MS;
          if (!hasWork()) {
            return;
          }
        } else {
          pause(pauseMs);
          pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
        }
      }
    } finally {
      ended();
      // a wish that came between the last look and the line above found this writer busy
      if (!stopped && hasWork()) {
        wakeNext();
      }
    }
  }

  private void wakeNext() {
    try {
      wakeWriter();
    } catch (RuntimeException e) {
      // the wishes stand, and the next request brings a writer
      LOG.log(Level.WARNING, NO_THREAD, e);
    }
  }

  private void ended() {
    lock.lock();
    try {
      running.decrementAndGet();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private <T> List<T> take(Queue<T> queue) {
    List<T> batch = new ArrayList<>();
    while (batch.size() < BATCH) {
      T item = queue.poll();
      if (item == null) {
        break;
      }
      batch.add(item);
    }
    queued.addAndGet(-batch.size());
    return batch;
  }

  private boolean grantWishes() {
    List<Wishing> counters = take(wanted);
    if (counters.isEmpty()) {
      return true;
    }
    Set<Wishing> open = new LinkedHashSet<>(counters);
    try {
      reserve(List.copyOf(open), open, CONFLICTS);
      // rows that others hold or keep changing are no outage: who waits for them waits on
      wishAgain(open);
      return open.isEmpty();
    } catch (StoreException e) {
      health.failed(e);
    } catch (RuntimeException e) {
      LOG.log(
          Level.SEVERE,
          "A reservation failed by a fault of the server; it is tried again. This is a bug: report it with the log",
          e);
      health.failed(new StoreException("fault of the server: " + e, e));
    }
    // first the refusals: once the wishes are queued, another writer may serve who parks by then
    open.forEach(Wishing::failed);
    wishAgain(open);
    return false;
  }

  private void wishAgain(Set<Wishing> open) {
    queued.addAndGet(open.size());
    wanted.addAll(open);
  }

  /**
   * Reserves for all in one transaction, and one by one where somebody else is on the same rows.
   *
   * @param open those whose wish has not been answered; they are taken out of it, but for those
   *     that met one conflict after the other
   * @param tries how often each may be tried again by itself
   */
  private void reserve(List<Wishing> counters, Set<Wishing> open, int tries) throws StoreException {
    List<Wishing> wishing = new ArrayList<>(counters.size());
    List<Wish> wishes = new ArrayList<>(counters.size());
    for (Wishing counter : counters) {
      Optional<Wish> wish = counter.wish(clock.now());
      if (wish.isPresent()) {
        wishing.add(counter);
        wishes.add(wish.get());
      } else {
        open.remove(counter);
      }
    }
    if (wishes.isEmpty()) {
      return;
    }
    try {
      List<Grant> grants = timed(wishes);
      health.worked();
      count(grants);
      for (int i = 0; i < grants.size(); i++) {
        open.remove(wishing.get(i));
        wishing.get(i).granted(wishes.get(i), grants.get(i));
      }
    } catch (ConflictException e) {
      conflicts.increment();
      if (tries == 0) {
        return;
      }
      for (Wishing counter : wishing) {
        reserve(List.of(counter), open, tries - 1);
      }
    }
  }

  private List<Grant> timed(List<Wish> wishes) throws StoreException {
    long began = System.nanoTime();
    try {
      return store.reserve(wishes);
    } finally {
      storeNanos.add(System.nanoTime() - began);
    }
  }

  private void count(List<Grant> grants) {
    committed.increment();
    blocks.add(grants.stream().filter(grant -> grant.size() > 0).count());
  }

  /**
   * Answers questions, which one writer does at a time: those that come one upon the other are
   * collected, as they would take more of the store than the wishes.
   */
  private boolean answerLookups() {
    if (lookups.isEmpty() || !asking.compareAndSet(false, true)) {
      return true;
    }
    try {
      long early = askedNanos + COLLECTING_NANOS - System.nanoTime();
      if (early > 0 && wanted.isEmpty()) {
        LockSupport.parkNanos(early);
      }
      return answer(take(lookups));
    } finally {
      askedNanos = System.nanoTime();
      asking.set(false);
    }
  }

  private boolean answer(List<Lookup> batch) {
    Map<CounterKey, CounterState> states;
    try {
      states = store.find(new HashSet<>(batch.stream().map(Lookup::key).toList()));
    } catch (StoreException e) {
      health.failed(e);
      batch.forEach(lookup -> lookup.failed().run());
      return false;
    } catch (RuntimeException e) {
      LOG.log(
          Level.SEVERE,
          "A question failed by a fault of the server. This is a bug: report it with the log",
          e);
      batch.forEach(lookup -> lookup.failed().run());
      return true;
    }
    health.worked();
    batch.forEach(lookup -> lookup.found().accept(Optional.ofNullable(states.get(lookup.key()))));
    return true;
  }

  private void pause(long pauseMs) {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(pauseMs);
      while (!stopped && left > 0) {
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more wishes, ends pauses and lets the writers finish what they are at. */
  public void stop() {
    lock.lock();
    try {
      stopped = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    // no writer answers them any more; who wishes is told when the counters are closed
    for (List<Lookup> open = take(lookups); !open.isEmpty(); open = take(lookups)) {
      open.forEach(lookup -> lookup.failed().run());
    }
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
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
    return running.get() == 0;
  }

  /** Whether the store failed when it was last asked. */
  @Override
  public boolean isDown() {
    return health.isDown();
  }

  /** When the outage began, by {@link System#nanoTime}; of no meaning when there is none. */
  public long downSinceNanos() {
    return health.downSinceNanos();
  }

  /** How many reservations have been committed so far, each of one or many blocks. */
  public long committed() {
    return committed.sum();
  }

  /** How many blocks have been granted so far. */
  public long blocks() {
    return blocks.sum();
  }

  /** What has been reserved so far, and what went wrong. */
  public ReservationFigures figures() {
    return new ReservationFigures(
        committed.sum(), blocks.sum(), storeNanos.sum(), conflicts.sum(), health.failures());
  }

  /** How many wishes and questions wait for a writer. */
  public int queued() {
    return queued.get();
  }
}
