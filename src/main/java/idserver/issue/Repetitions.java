package idserver.issue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import idserver.counter.CounterKey;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests that named themselves by a {@code request_id}, and what they were answered: who asks
 * again is given the same ids. Knows nothing of who asked: neither the address nor {@code seq} says
 * that two requests are one. Thread-safe; never waits, and no lock is held while a rule runs.
 *
 * <p>Bounded by age, by number and by memory: the oldest are forgotten first, and their repetition
 * is a new request. So is that of a request which was refused, as it has no ids.
 */
final class Repetitions {
  static final Refusal REUSED =
      new Refusal(
          RefusalKind.REQUEST_ID_REUSED,
          "request_id was used with another rule, app_name, salt, count or biz_date: take a new"
              + " one");
  static final Refusal CROWD =
      new Refusal(
          RefusalKind.TOO_MANY,
          "too many repetitions of this request wait with it: ask again in a moment");

  /** Old ones that are dropped on the way of one request at the most: nobody waits for more. */
  private static final int DROPPED_AT_ONCE = 64;

  private static final long NANOS = 1_000_000_000;
  private static final long MEGABYTE = 1L << 20;

  private final long lifetimeNanos;
  private final int most;
  private final long mostBytes;
  private final LongSupplier nanoClock;
  private final LongAdder answered = new LongAdder();

  // in the order in which they came
  @GuardedBy("this")
  private final Map<String, NamedRequest> requests = new LinkedHashMap<>();

  @GuardedBy("this")
  private long bytes;

  /**
   * @param nanoClock a clock that never goes back, in nanoseconds
   */
  Repetitions(RepetitionSettings settings, LongSupplier nanoClock) {
    this.lifetimeNanos = settings.seconds() * NANOS;
    this.most = settings.most();
    this.mostBytes = settings.megabytes() * MEGABYTE;
    this.nanoClock = nanoClock;
  }

  /**
   * Has the desk issue the ids, unless it is a repetition: then it tells the receiver what the
   * first request is told.
   *
   * @return whether the receiver has been told; if not, another thread is going to, or just has
   */
  boolean issue(
      Desk desk,
      String requestId,
      CounterKey key,
      String salt,
      int count,
      long patienceNanos,
      Receiver receiver) {
    return issue(desk, requestId, new IdRequest(key, salt, count, patienceNanos), null, receiver);
  }

  /** The same for a request of a business day. */
  boolean issue(Desk desk, DatedRequest dated, Receiver receiver) {
    return issue(desk, dated.requestId(), dated.request(), dated.bizDate(), receiver);
  }

  private boolean issue(
      Desk desk,
      String requestId,
      IdRequest request,
      @Nullable LocalDate bizDate,
      Receiver receiver) {
    if (most == 0) {
      return first(desk, request, bizDate, receiver);
    }
    NamedRequest asked =
        new NamedRequest(this, requestId, request, bizDate, nanoClock.getAsLong(), receiver);
    NamedRequest first = enter(asked);
    if (first != null) {
      return first.repeat(asked, receiver);
    }
    boolean ended = false;
    try {
      boolean told = first(desk, request, bizDate, asked);
      ended = true;
      return told;
    } finally {
      if (!ended) {
        asked.fail();
      }
    }
  }

  private static boolean first(
      Desk desk, IdRequest request, @Nullable LocalDate bizDate, Receiver receiver) {
    return bizDate == null
        ? desk.issue(
            request.key(), request.salt(), request.count(), request.patienceNanos(), receiver)
        : desk.issue(new DatedRequest(bizDate, "", request), receiver);
  }

  /** The earlier request of the same name; null when there is none, and this one is now the one. */
  private synchronized @Nullable NamedRequest enter(NamedRequest asked) {
    dropOld(asked.begunNanos());
    NamedRequest first = requests.get(asked.requestId());
    if (first != null) {
      if (!isOld(first, asked.begunNanos())) {
        return first;
      }
      drop(first);
    }
    requests.put(asked.requestId(), asked);
    bytes += asked.bytes();
    makeRoom();
    return null;
  }

  private boolean isOld(NamedRequest request, long nowNanos) {
    return nowNanos - request.begunNanos() >= lifetimeNanos;
  }

  @GuardedBy("this")
  private void dropOld(long nowNanos) {
    Iterator<NamedRequest> oldest = requests.values().iterator();
    for (int i = 0; i < DROPPED_AT_ONCE && oldest.hasNext(); i++) {
      NamedRequest request = oldest.next();
      if (!isOld(request, nowNanos)) {
        return;
      }
      oldest.remove();
      bytes -= request.bytes();
    }
  }

  @GuardedBy("this")
  private void makeRoom() {
    Iterator<NamedRequest> oldest = requests.values().iterator();
    while ((requests.size() > most || bytes > mostBytes) && oldest.hasNext()) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  @GuardedBy("this")
  private void drop(NamedRequest request) {
    requests.remove(request.requestId());
    bytes -= request.bytes();
  }

  /** Counts what the ids of a request take, unless it is forgotten already. */
  synchronized void grow(NamedRequest request, int idBytes) {
    if (requests.get(request.requestId()) == request) {
      request.grow(idBytes);
      bytes += idBytes;
      makeRoom();
    }
  }

  /** Has the next one of that name be a new request. */
  synchronized void forget(NamedRequest request) {
    if (requests.get(request.requestId()) == request) {
      drop(request);
    }
  }

  void countAnswered(int repetitions) {
    answered.add(repetitions);
  }

  /** How many repetitions have been answered with the ids of their first request. */
  long answered() {
    return answered.sum();
  }

  /** How many requests are remembered. */
  synchronized int held() {
    return requests.size();
  }

  /** About how much memory they take. */
  synchronized long bytes() {
    return bytes;
  }
}
