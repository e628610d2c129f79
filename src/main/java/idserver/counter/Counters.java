package idserver.counter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All counters of this server, and the bounds on what may wait. Thread-safe; finding a counter
 * takes no lock.
 */
public final class Counters {
  private final SteadyClock clock;
  private final BlockDemand demand;
  private final int maxCounters;
  private final int maxWaiting;
  private final ConcurrentHashMap<CounterKey, Counter> counters = new ConcurrentHashMap<>();
  // every request brings a copy of its rule's name: the counters of a rule share one
  private final ConcurrentHashMap<String, String> ruleNames = new ConcurrentHashMap<>();
  private final Set<Counter> withWaiting = ConcurrentHashMap.newKeySet();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder parked = new LongAdder();
  private volatile @Nullable Thread expiring;

  /**
   * @param demand where blocks are asked for
   * @param maxCounters how many counters may live at once, 1 or more
   * @param maxWaiting how many requests may be parked at once, 1 or more
   */
  public Counters(SteadyClock clock, BlockDemand demand, int maxCounters, int maxWaiting) {
    this.clock = clock;
    this.demand = demand;
    this.maxCounters = maxCounters;
    this.maxWaiting = maxWaiting;
  }

  /** The counter of that namespace, made when there is none; null when there are too many. */
  public @Nullable Counter get(CounterKey key) {
    Counter counter = counters.get(key);
    if (counter != null) {
      return counter;
    }
    // looked for again: it may have been made meanwhile, as the last one that there is room for
    if (counters.mappingCount() >= maxCounters && !counters.containsKey(key)) {
      return null;
    }
    String rule = ruleNames.computeIfAbsent(key.rule(), name -> name);
    return counters.computeIfAbsent(new CounterKey(rule, key.app()), k -> new Counter(k, this));
  }

  /** The counter of that namespace, or null when this server has not used it since its start. */
  public @Nullable Counter find(CounterKey key) {
    return counters.get(key);
  }

  /**
   * Waits while nobody is parked, and then so much longer. For the one thread that calls {@link
   * #expire}, which has no more to do than there is; returns early when that is interrupted.
   */
  public void awaitWaiting(long nanos) {
    expiring = Thread.currentThread();
    if (waiting.get() == 0) {
      LockSupport.park(this);
    }
    LockSupport.parkNanos(this, nanos);
  }

  /** Refuses the parked requests whose deadline has passed. To be called every few milliseconds. */
  public void expire(long nowNanos) {
    for (Counter counter : withWaiting) {
      counter.expire(nowNanos);
    }
  }

  /** Closes every counter for good and collects what they reserved and did not issue. */
  public List<Leftover> close() {
    Collection<Counter> all = counters.values();
    List<Leftover> leftovers = new ArrayList<>();
    for (Counter counter : all) {
      counter.close().ifPresent(leftovers::add);
    }
    return leftovers;
  }

  /** Has each counter looked at, in no order; those that come meanwhile perhaps. */
  public void forEach(Consumer<Counter> look) {
    counters.values().forEach(look);
  }

  /** How many counters live here. */
  public int size() {
    return (int) Math.min(counters.mappingCount(), Integer.MAX_VALUE);
  }

  /** How many requests are parked. */
  public int waiting() {
    return waiting.get();
  }

  /** How many requests have been parked so far; one that is parked again counts again. */
  public long parked() {
    return parked.sum();
  }

  SteadyClock clock() {
    return clock;
  }

  BlockDemand demand() {
    return demand;
  }

  boolean enterWaiting() {
    int now = waiting.incrementAndGet();
    if (now <= maxWaiting) {
      parked.increment();
      if (now == 1) {
        LockSupport.unpark(expiring);
      }
      return true;
    }
    waiting.decrementAndGet();
    return false;
  }

  void leaveWaiting(int requests) {
    waiting.addAndGet(-requests);
  }

  void hasWaiting(Counter counter) {
    withWaiting.add(counter);
  }

  void hasNoWaiting(Counter counter) {
    withWaiting.remove(counter);
  }
}
