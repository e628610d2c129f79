package idserver.counter;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One namespace's counter: hands out the numbers of the block in hand, asks for the next block
 * before it is empty, and parks who comes when there is none.
 *
 * <p>Thread-safe. A draw from the block in hand takes no lock; all else takes the counter's own,
 * and no foreign code runs under it.
 */
public final class Counter implements Wishing {
  /** No block is in hand: {@link #park} and draw again. */
  public static final long EMPTY = -1;

  /** The range is used up in this period. */
  public static final long EXHAUSTED = -2;

  /** The counter has gone on to a later period: ask {@link #clamp} again. */
  public static final long MOVED_ON = -3;

  /** The counter has been closed. */
  public static final long CLOSED = -4;

  /** What became of a request that found no block. */
  public enum Parking {
    /** It waits, and is told. */
    PARKED,
    /** A block came meanwhile: draw again at once. */
    RETRY,
    /** The queue of wanted blocks or of waiting requests is full. */
    FULL,
    /** The store is down: no block is going to come soon. */
    HOPELESS,
    /** The counter has been closed. */
    CLOSED
  }

  private final CounterKey key;
  private final Counters owner;

  private volatile Block block = Block.NONE;
  // the latest period granted; the clock may not show an earlier one any more
  private volatile long period = Long.MIN_VALUE;
  private volatile long notBeforeSecond = Long.MIN_VALUE;

  @GuardedBy("this")
  private @Nullable Block next;

  @GuardedBy("this")
  private @Nullable Numbering wanted;

  // written under the lock, and read without
  private volatile @Nullable NumberRange exhausted;

  @GuardedBy("this")
  private long reserved = NumberRange.NOTHING_RESERVED;

  // when the latest period ends, as its numbers were granted
  @GuardedBy("this")
  private long until;

  // numbers up to here are not to be issued in this period, whatever was reserved of them
  @GuardedBy("this")
  private long raisedTo = NumberRange.NOTHING_RESERVED;

  @GuardedBy("this")
  private final BlockSize size = new BlockSize();

  @GuardedBy("this")
  private final WaitingLine waiting = new WaitingLine();

  @GuardedBy("this")
  private boolean closed;

  // whether it has been told that this period's numbers go to their end
  @GuardedBy("this")
  private boolean nearEnd;

  Counter(CounterKey key, Counters owner) {
    this.key = key;
    this.owner = owner;
  }

  /** Whose counter this is. */
  public CounterKey key() {
    return key;
  }

  /**
   * The moment as this counter has it, on the clock of its rule: never before its latest period or
   * reservation.
   */
  public Moment clamp(Moment now, Numbering numbering) {
    Moment moment = now.epochSecond() < notBeforeSecond ? owner.clock().at(notBeforeSecond) : now;
    return owner.clock().in(numbering.zone(), moment).notBefore(numbering.period().beginOf(period));
  }

  /**
   * The latest period: no request is for an earlier one, even where its rule was reloaded with
   * longer periods and the present one began before. To be asked before {@link #clamp}.
   */
  public long period() {
    return period;
  }

  /**
   * Draws the next number, for this counter alone and for good.
   *
   * @param periodStart the period of the request's moment, from {@link #clamp}, or {@link #period}
   *     where that is later
   * @return the number, or {@link #EMPTY}, {@link #EXHAUSTED}, {@link #MOVED_ON}, {@link #CLOSED},
   *     which are all below 0
   */
  public long draw(Numbering numbering, long periodStart) {
    Block inHand = block;
    if (inHand.serves(numbering, periodStart)) {
      long place = inHand.take();
      if (inHand.holds(place)) {
        if (inHand.isLowWater(place)) {
          want(numbering);
        }
        return inHand.numberAt(place);
      }
    }
    return drawBeyondTheBlock(numbering, periodStart);
  }

  private long drawBeyondTheBlock(Numbering numbering, long periodStart) {
    boolean promoted;
    synchronized (this) {
      if (closed) {
        return CLOSED;
      }
      if (periodStart < period) {
        return MOVED_ON;
      }
      promoted = promote(numbering, periodStart);
      if (!promoted) {
        return periodStart == period && numbering.range().equals(exhausted) ? EXHAUSTED : EMPTY;
      }
    }
    return draw(numbering, periodStart);
  }

  /** Makes sure that the block in hand can serve, if any of the two blocks can. */
  @GuardedBy("this")
  private boolean promote(Numbering numbering, long periodStart) {
    if (block.serves(numbering, periodStart) && !block.isEmpty()) {
      return true;
    }
    Block following = next;
    next = null;
    if (following == null || !following.serves(numbering, periodStart)) {
      return false;
    }
    begin(following);
    return true;
  }

  @GuardedBy("this")
  private void begin(Block begun) {
    size.begun(System.nanoTime());
    block = begun;
  }

  /** Asks for a block unless one is on its way. False when the queue is full. */
  private boolean want(Numbering numbering) {
    synchronized (this) {
      // one that found the block in hand empty may come here when it has long been replaced
      boolean inHand = next != null && next.serves(numbering, period);
      if (wanted != null || closed || inHand) {
        return true;
      }
      wanted = numbering;
    }
    if (owner.demand().want(this)) {
      return true;
    }
    List<Waiting> refused;
    synchronized (this) {
      wanted = null;
      // who parked since then counted on this wish
      refused = left(waiting.takeAll());
    }
    refused.forEach(Waiting::giveUp);
    return false;
  }

  /**
   * Parks a request whose draw was {@link #EMPTY}, until a block is granted or its deadline has
   * passed, and sees to it that a block is wanted.
   */
  public Parking park(Waiting request, Numbering numbering, long periodStart) {
    // first the wish and then the parking: a request that is refused here still brings a block
    boolean asked = want(numbering);
    synchronized (this) {
      if (closed) {
        return Parking.CLOSED;
      }
      if (periodStart < period
          || (periodStart == period && numbering.range().equals(exhausted))
          || promote(numbering, periodStart)) {
        return Parking.RETRY;
      }
      if (owner.demand().isDown()) {
        return Parking.HOPELESS;
      }
      if (wanted == null) {
        // the grant came between the two locks and was for another range or period
        return asked ? Parking.RETRY : Parking.FULL;
      }
      if (!owner.enterWaiting()) {
        return Parking.FULL;
      }
      waiting.add(request, numbering);
      owner.hasWaiting(this);
      return Parking.PARKED;
    }
  }

  /**
   * Leaves out all numbers up to {@code to} in the present period: they are in use elsewhere. The
   * next number issued is above it, and what is reserved in the end as well; nothing is written
   * before the next reservation.
   *
   * @param periodStart the present period of that kind, from {@link #clamp}
   * @return whether that changes anything: false where the counter is there already
   */
  public synchronized boolean raise(Period kind, long periodStart, long to) {
    if (periodStart > period) {
      raisePeriod(kind, periodStart);
    }
    // the next number is above already; before a block that is untouched there may be others'
    // numbers
    boolean there = block.period() == period && block.numberAt(block.used()) > to;
    if (closed || periodStart < period || there) {
      return false;
    }
    raisedTo = Math.max(raisedTo, to);
    reserved = Math.max(reserved, raisedTo);
    block.close();
    block = Block.NONE;
    next = null;
    return true;
  }

  @GuardedBy("this")
  private void raisePeriod(Period kind, long periodStart) {
    // of a shorter period than the rule had, which goes on above what was reserved
    long before = kind.beginOf(periodStart) < until ? reserved : NumberRange.NOTHING_RESERVED;
    begin(periodStart, kind.endOf(periodStart));
    reserved = before;
  }

  /** How this counter is, at one moment. */
  public synchronized CounterView view() {
    long left = block == Block.NONE ? 0 : block.size() - block.used();
    return new CounterView(
        key, period, reserved, lastIssued(), next == null ? left : left + next.size());
  }

  /** The block this counter wants, or empty when it has been closed. For the reservation alone. */
  @Override
  public synchronized Optional<Wish> wish(Moment now) {
    Numbering numbering = wanted;
    if (numbering == null || closed) {
      return Optional.empty();
    }
    Moment moment = clamp(now, numbering);
    long size =
        this.size.next(block.used(), waiting.demand(), numbering.batchSave(), System.nanoTime());
    return Optional.of(
        new Wish(
            key,
            numbering,
            numbering.period().startOf(moment.local()),
            size,
            period,
            until,
            reserved,
            moment.epochSecond()));
  }

  /** A wish has been granted, durably. Goes on with the requests that the block can serve. */
  @Override
  public void granted(Wish wish, Grant grant) {
    List<Waiting> served;
    Numbering more;
    synchronized (this) {
      wanted = null;
      if (closed) {
        return;
      }
      accept(wish, grant);
      // where nothing is left all draw again, and are told so
      served = left(served(grant));
      more = waiting.numbering();
    }
    if (more != null) {
      want(more);
    }
    served.forEach(Waiting::resume);
  }

  /** Those who go on now that this has been granted. */
  @GuardedBy("this")
  private List<Waiting> served(Grant grant) {
    if (grant.size() > 0 && isLeftOut(grant)) {
      return List.of();
    }
    return grant.size() == 0 ? waiting.takeAll() : waiting.takeFor(grant.size());
  }

  /** Whether a block was reserved before the counter was raised above its first number. */
  @GuardedBy("this")
  private boolean isLeftOut(Grant grant) {
    return grant.period() == period && grant.first() <= raisedTo;
  }

  @GuardedBy("this")
  private void begin(long periodStart, long periodEnd) {
    period = periodStart;
    until = periodEnd;
    reserved = NumberRange.NOTHING_RESERVED;
    raisedTo = NumberRange.NOTHING_RESERVED;
    exhausted = null;
    nearEnd = false;
  }

  @GuardedBy("this")
  private void accept(Wish wish, Grant grant) {
    NumberRange range = wish.numbering().range();
    if (grant.period() > period) {
      begin(grant.period(), grant.until());
    }
    until = grant.period() == period ? grant.until() : until;
    notBeforeSecond = Math.max(notBeforeSecond, grant.epochSecond());
    if (grant.size() == 0) {
      exhausted = range;
      return;
    }
    exhausted = null;
    Block granted = new Block(wish.numbering(), grant);
    reserved = Math.max(granted.lastOf(grant.size()), raisedTo);
    if (isLeftOut(grant)) {
      return;
    }
    if (block.serves(wish.numbering(), grant.period()) && !block.isEmpty()) {
      next = granted;
    } else {
      // a block of another range or period, if any: it must not come after this one
      next = null;
      begin(granted);
    }
  }

  /** The store has failed; the wish stands and is tried again. Refuses all who wait. */
  @Override
  public void failed() {
    List<Waiting> refused;
    synchronized (this) {
      refused = left(waiting.takeAll());
    }
    refused.forEach(Waiting::giveUp);
  }

  /** Refuses those whose deadline has passed. */
  void expire(long nowNanos) {
    List<Waiting> late;
    synchronized (this) {
      late = left(waiting.takeLate(nowNanos));
    }
    late.forEach(Waiting::giveUp);
  }

  /** Notes that these have left the line. */
  @GuardedBy("this")
  private List<Waiting> left(List<Waiting> taken) {
    if (waiting.isEmpty()) {
      owner.hasNoWaiting(this);
    }
    owner.leaveWaiting(taken.size());
    return taken;
  }

  /**
   * Closes the counter for good and tells what it reserved and did not issue. From now on a draw
   * answers {@link #CLOSED}.
   */
  Optional<Leftover> close() {
    List<Waiting> refused;
    Optional<Leftover> leftover;
    synchronized (this) {
      closed = true;
      refused = left(waiting.takeAll());
      leftover = takeLeftover();
    }
    refused.forEach(Waiting::closed);
    return leftover;
  }

  @GuardedBy("this")
  private Optional<Leftover> takeLeftover() {
    Block inHand = block;
    Block following = next;
    next = null;
    long used = inHand.close();
    long unused = inHand.size() - used + (following == null ? 0 : following.size());
    Block last = following == null ? inHand : following;
    // what was reserved behind them and dropped may have somebody else's numbers before it
    boolean current = last.period() == period && last.lastOf(last.size()) == reserved;
    if (!current || unused == 0) {
      return Optional.empty();
    }
    // two blocks that do not join have somebody else's numbers between them
    long issued =
        following == null || following.follows(inHand)
            ? inHand.promised(used)
            : following.promised(0);
    return Optional.of(new Leftover(key, last.shared(), period, reserved, issued));
  }

  /**
   * Which share of that range has been issued in that period, 0 to 1: 0 where none has been
   * reserved in it here, 1 where nothing is left. Takes no lock.
   */
  public double usedShare(NumberRange range, long periodStart) {
    Block inHand = block;
    if (!inHand.isOf(range, periodStart)) {
      return periodStart == period && range.equals(exhausted) ? 1 : 0;
    }
    return range.shareUpTo(inHand.lastOf(inHand.used()));
  }

  /**
   * Whether that share has been issued for the first time in that period: true once in a period,
   * for who warns of it.
   */
  public boolean isFirstNearEnd(NumberRange range, long periodStart, double share) {
    if (usedShare(range, periodStart) < share) {
      return false;
    }
    synchronized (this) {
      boolean first = !nearEnd;
      nearEnd = true;
      return first;
    }
  }

  /** The last number issued in the latest period, or empty when none has been reserved here. */
  public Optional<Long> lastIssued() {
    Block inHand = block;
    return inHand == Block.NONE ? Optional.empty() : Optional.of(inHand.lastOf(inHand.used()));
  }
}
