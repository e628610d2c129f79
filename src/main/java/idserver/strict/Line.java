package idserver.strict;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Moment;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Wish;
import idserver.counter.Wishing;
import idserver.reserve.Allocation;
import idserver.reserve.CounterState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for numbers of one strict counter, the oldest first.
 *
 * <p>A wish is for those who wait when it is made, and for exactly as many numbers as they need.
 * Who comes afterwards waits for the next one: another server may have gone on above this one's
 * numbers by then, and answered. For the same reason a number that its request does not take any
 * more is given to nobody.
 *
 * <p>Thread-safe. One wish is under way at a time. No foreign code runs under the lock.
 */
final class Line implements Wishing {
  /** Numbers in one wish, unless one request needs more. */
  private static final long MOST = 1_000_000;

  private final CounterKey key;
  private final Lines owner;

  @GuardedBy("this")
  private final Deque<Request> waiting = new ArrayDeque<>();

  /** Those for whom the wish is that is under way. */
  @GuardedBy("this")
  private List<Request> wished = List.of();

  /** Whether the reservation has this line in its queue, or is at work for it. */
  @GuardedBy("this")
  private boolean wanting;

  /** By what it is asked whether the store is back, though nobody waits; null where it need not. */
  @GuardedBy("this")
  private @Nullable Numbering probe;

  /** What this server knows to be reserved. */
  @GuardedBy("this")
  private CounterState known =
      new CounterState(Long.MIN_VALUE, 0, NumberRange.NOTHING_RESERVED, Long.MIN_VALUE);

  Line(CounterKey key, Lines owner) {
    this.key = key;
    this.owner = owner;
  }

  /** Takes a request in, which is in the room; or has it told why not. */
  void join(Request request) {
    boolean hopeless;
    synchronized (this) {
      // a failure is known before those are told whom it concerns: nobody comes in behind it
      hopeless = owner.reservations().isDown();
      if (hopeless) {
        probe = request.numbering();
      } else {
        dropTold();
        waiting.addLast(request);
      }
    }
    // first the wish: a request that is refused here still finds out when the store is back
    want();
    if (hopeless) {
      owner.tell(request, Taker::unavailable);
    }
  }

  /** Those at the front who were told while they waited: a store that hangs leaves many. */
  @GuardedBy("this")
  private void dropTold() {
    while (!waiting.isEmpty() && !owner.holds(waiting.peekFirst())) {
      waiting.removeFirst();
    }
  }

  private void want() {
    synchronized (this) {
      if (wanting) {
        return;
      }
      wanting = true;
    }
    if (owner.reservations().want(this)) {
      return;
    }
    List<Request> refused;
    synchronized (this) {
      wanting = false;
      // who came since then counted on this wish
      refused = takeAll();
    }
    tell(refused, owner.isStopped() ? Taker::closed : Taker::crowded);
  }

  @GuardedBy("this")
  private List<Request> takeAll() {
    List<Request> all = new ArrayList<>(wished);
    all.addAll(waiting);
    wished = List.of();
    waiting.clear();
    return all;
  }

  private void tell(List<Request> requests, Consumer<Taker> answer) {
    requests.forEach(request -> owner.tell(request, answer));
  }

  @Override
  public synchronized Optional<Wish> wish(Moment now) {
    // after a conflict, with everybody who waits by now
    backInto(wished);
    wished = new ArrayList<>();
    dropTold();
    Request first = waiting.peekFirst();
    if (first == null) {
      Numbering asked = probe;
      wanting = asked != null;
      return asked == null ? Optional.empty() : Optional.of(wish(asked, 1, Request.NEXT));
    }
    long numbers = 0;
    Request next = first;
    do {
      wished.add(waiting.removeFirst());
      numbers += next.count();
      dropTold();
      next = waiting.peekFirst();
    } while (next != null && next.goesWith(first) && numbers + next.count() <= MOST);
    return Optional.of(wish(first.numbering(), (int) numbers, first.least()));
  }

  /** Puts these before all others, in the order in which they came. */
  @GuardedBy("this")
  private void backInto(List<Request> requests) {
    for (int i = requests.size() - 1; i >= 0; i--) {
      waiting.addFirst(requests.get(i));
    }
  }

  @GuardedBy("this")
  private Wish wish(Numbering numbering, int numbers, long least) {
    Moment moment = owner.clock().notBefore(known.epochSecond(), known.period(), numbering);
    long period = numbering.period().startOf(moment.local());
    CounterState below = least == Request.NEXT ? known : raised(numbering, period, least);
    return new Wish(
        key,
        // as many as they need, however few are left: so no block is cut short
        new Numbering(numbering.range(), numbering.period(), numbers, numbering.zone()),
        period,
        numbers,
        below.period(),
        below.until(),
        below.reserved(),
        moment.epochSecond());
  }

  /** What would be known, had all below that number been reserved in that period. */
  @GuardedBy("this")
  private CounterState raised(Numbering numbering, long period, long least) {
    long begun = Math.max(period, known.period());
    long reserved = known.period() == begun ? known.reserved() : NumberRange.NOTHING_RESERVED;
    return new CounterState(
        begun,
        Math.max(known.until(), numbering.period().endOf(begun)),
        Math.max(reserved, least - 1),
        known.epochSecond());
  }

  @Override
  public void granted(Wish wish, Grant grant) {
    List<Request> served;
    List<Request> exhausted = List.of();
    boolean more;
    Moment moment;
    synchronized (this) {
      wanting = false;
      probe = null;
      learn(wish, grant);
      served = wished;
      wished = List.of();
      moment = owner.clock().at(grant.epochSecond(), grant.period(), wish.numbering());
      if (wish.numbering().period().startOf(moment.local()) > grant.period()) {
        // reserved by a clock that was ahead, when the rule had another zone or period: these
        // numbers are of a period that is over
        backInto(served);
        served = List.of();
      } else if (grant.size() == 0) {
        exhausted = served;
        served = List.of();
      } else {
        served = split(served, grant.size());
      }
      more = !waiting.isEmpty();
    }
    if (more) {
      want();
    }
    tell(exhausted, Taker::exhausted);
    long first = grant.first();
    for (Request request : served) {
      Numbers numbers = new Numbers(first, moment, grant.period());
      first += request.count();
      owner.give(request, numbers);
    }
  }

  @GuardedBy("this")
  private void learn(Wish wish, Grant grant) {
    if (grant.size() > 0) {
      known = Allocation.after(grant, wish);
    } else {
      long reserved =
          grant.period() == known.period() ? known.reserved() : NumberRange.NOTHING_RESERVED;
      known = new CounterState(grant.period(), grant.until(), reserved, grant.epochSecond());
    }
  }

  /** Those for whom so many numbers are enough; the others try again, and find none. */
  @GuardedBy("this")
  private List<Request> split(List<Request> requests, long numbers) {
    List<Request> enough = new ArrayList<>(requests.size());
    List<Request> others = new ArrayList<>();
    long left = numbers;
    for (Request request : requests) {
      boolean fits = request.count() <= left;
      (fits ? enough : others).add(request);
      left -= fits ? request.count() : 0;
    }
    backInto(others);
    return enough;
  }

  @Override
  public void failed() {
    List<Request> refused;
    synchronized (this) {
      refused = takeAll();
      if (!refused.isEmpty()) {
        probe = refused.get(0).numbering();
      }
    }
    // whether the numbers were reserved is not known: they are nobody's
    tell(refused, Taker::unavailable);
  }
}
