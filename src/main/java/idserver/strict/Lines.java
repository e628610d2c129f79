package idserver.strict;

import idserver.counter.CounterKey;
import idserver.counter.Numbering;
import idserver.counter.SteadyClock;
import idserver.reserve.Reservations;
import idserver.reserve.WaitingRoom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The lines of all strict counters. Thread-safe: any thread asks and none waits. Who was answered
 * before another asked, here or on any server of the same store, has a lower number than that one.
 */
public final class Lines {
  private static final Logger LOG = Logger.getLogger(Lines.class.getName());

  private final Reservations reservations;
  private final SteadyClock clock;
  private final WaitingRoom<Request> room;
  private final ConcurrentHashMap<CounterKey, Line> lines = new ConcurrentHashMap<>();
  private final LongAdder parked = new LongAdder();
  private volatile boolean stopped;

  /**
   * @param reservations by which numbers are reserved, and for no other counters: those would wait
   *     for rows that several servers change all the time
   * @param mostWaiting how many requests may wait at once, 1 or more
   */
  public Lines(Reservations reservations, SteadyClock clock, int mostWaiting) {
    this.reservations = reservations;
    this.clock = clock;
    this.room = new WaitingRoom<>(mostWaiting);
  }

  /**
   * Has numbers reserved that are above all that anyone was given before.
   *
   * @param numbering of a shared range
   * @param count how many numbers, 1 or more
   * @param deadlineNanos when the taker wants to be told at the latest, on the clock of {@link
   *     System#nanoTime}
   * @param taker told once, perhaps by this thread
   */
  public void take(
      CounterKey key, Numbering numbering, int count, long deadlineNanos, Taker taker) {
    join(key, new Request(numbering, count, Request.NEXT, deadlineNanos, taker));
  }

  /**
   * Has all numbers below {@code to} left out in the present period, as they are in use elsewhere,
   * and that one as well.
   *
   * @param to a number of the range
   * @param taker given {@code to}, or a number above it where the counter was there already
   */
  public void raise(CounterKey key, Numbering numbering, long to, long deadlineNanos, Taker taker) {
    join(key, new Request(numbering, 1, to, deadlineNanos, taker));
  }

  private void join(CounterKey key, Request request) {
    if (stopped) {
      request.taker().closed();
      return;
    }
    if (!room.enter(request)) {
      request.taker().crowded();
      return;
    }
    parked.increment();
    lines.computeIfAbsent(key, k -> new Line(k, this)).join(request);
    if (stopped) {
      // a stop that came in between has told those it saw
      tell(request, Taker::closed);
    }
  }

  /** Has a request given its numbers, unless it has been told that it is too late. */
  void give(Request request, Numbers numbers) {
    tell(request, taker -> taker.given(numbers));
  }

  /** One who fails must not keep the others from their answers. */
  void tell(Request request, Consumer<Taker> answer) {
    if (!room.leave(request)) {
      return;
    }
    try {
      answer.accept(request.taker());
    } catch (RuntimeException e) {
      LOG.log(
          Level.SEVERE,
          "An answer failed by a fault of the server. This is a bug: report it with the log",
          e);
    }
  }

  boolean holds(Request request) {
    return room.holds(request);
  }

  boolean isStopped() {
    return stopped;
  }

  Reservations reservations() {
    return reservations;
  }

  SteadyClock clock() {
    return clock;
  }

  /**
   * Waits while nobody is in a line, and then so much longer. For the one thread that calls {@link
   * #expire}; returns early when that is interrupted.
   */
  public void awaitWaiting(long nanos) {
    room.awaitGuests(nanos);
  }

  /** Tells those whose deadline has passed. To be called every few milliseconds. */
  public void expire(long nowNanos) {
    room.expire(nowNanos, request -> tell(request, Taker::late));
  }

  /** Takes no more requests, and refuses those that wait. */
  public void stop() {
    stopped = true;
    room.forEach(request -> tell(request, Taker::closed));
  }

  /** How many requests wait. */
  public int waiting() {
    return room.size();
  }

  /** How many requests have waited so far. */
  public long parked() {
    return parked.sum();
  }
}
