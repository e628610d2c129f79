package idserver.gapfree;

import idserver.counter.Moment;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.SteadyClock;
import idserver.reserve.CounterState;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One gap-free counter as a transaction has read it, on which it is decided what becomes of each
 * ask, and what is to be written. Confined to the transaction's thread.
 *
 * <p>A store reads the counter's row, alone on it until the commit; then the holds that the asks
 * name, and, when {@link #begin} says which period it is, those that may be given. Then it has each
 * ask settled in turn and writes {@link #state} and {@link #changed}.
 */
public final class Sheet {
  /** How long a confirmed number is remembered for its repetitions: at least a day. */
  public static final long REMEMBERED_S = 86_400;

  private final SteadyClock clock;
  private final long nowSecond;
  private final long changes;
  private final boolean older;

  private final Map<String, Hold> byRequest = new HashMap<>();
  // those that the next request may have, of the present period, the lowest first
  private final TreeMap<Long, Hold> available = new TreeMap<>();
  private final Deque<Hold> forgettable = new ArrayDeque<>();
  private final Map<Long, Hold> changed = new HashMap<>();

  private long period;
  private long until;
  private long reserved;
  private long epochSecond;
  private long lastSlot;
  private boolean raised;

  /**
   * @param stored the counter's row, or null when there is none yet
   * @param changes how often the counter has changed so far
   * @param mark what this machine remembers of the counter, or null when it does not
   * @param named the holds of the requests that ask
   * @param clock the time of which ids are made
   * @param nowSecond the database's clock, in seconds since 1970-01-01T00:00Z
   */
  public Sheet(
      @Nullable CounterState stored,
      long changes,
      @Nullable Mark mark,
      Collection<Hold> named,
      SteadyClock clock,
      long nowSecond) {
    this.clock = clock;
    this.nowSecond = nowSecond;
    CounterState known = known(stored, mark);
    this.changes = Math.max(changes, mark == null ? 0 : mark.changes());
    // a confirm that the database has lost shows in nothing but how often it has changed
    this.older =
        mark != null
            && (stored == null
                || known.period() != stored.period()
                || known.reserved() != stored.reserved()
                || changes < mark.changes());
    this.period = known.period();
    this.until = known.until();
    this.reserved = known.reserved();
    this.epochSecond = known.epochSecond();
    named.forEach(hold -> byRequest.put(hold.requestId(), hold));
  }

  private static CounterState known(@Nullable CounterState stored, @Nullable Mark mark) {
    CounterState row =
        stored == null
            ? new CounterState(Long.MIN_VALUE, 0, NumberRange.NOTHING_RESERVED, Long.MIN_VALUE)
            : stored;
    return mark == null ? row : CounterState.higher(row, mark.state());
  }

  /**
   * Whether the database has come back older than what this machine remembers. Then {@link #doubt}
   * is to be told all open holds of the counter.
   */
  public boolean isOlder() {
    return older;
  }

  /**
   * Gives up all that is not confirmed: what is free here, or held, may have been confirmed in what
   * the database has lost.
   */
  public void doubt(Collection<Hold> open) {
    for (Hold hold : open) {
      byRequest.remove(hold.requestId());
      changed.put(hold.slot(), hold.doubted());
    }
  }

  /**
   * Goes on to the present period, before numbers are taken. Where the rule was given a shorter one
   * that began before the last has ended, the counter goes on, and what is free stays behind.
   *
   * @return the period of the numbers that may be given
   */
  public long begin(Numbering numbering) {
    Period kind = numbering.period();
    long present = kind.startOf(moment(numbering).local());
    if (present > period) {
      if (kind.beginOf(present) >= until) {
        reserved = NumberRange.NOTHING_RESERVED;
        until = 0;
      }
      period = present;
      available.clear();
    }
    until = Math.max(until, kind.endOf(period));
    return period;
  }

  private Moment moment(Numbering numbering) {
    return clock.notBefore(epochSecond, period, numbering);
  }

  /**
   * Tells what may be given in the period that {@link #begin} said, and where it may be noted.
   *
   * @param holds the lowest numbers that are available, as many as there are asks, or all
   * @param remembered confirmed ones whose slots may be used again, as many as there are asks
   * @param last the highest slot, 0 where there is none
   */
  public void offer(Collection<Hold> holds, Collection<Hold> remembered, long last) {
    for (Hold hold : holds) {
      // what is doubted is not offered, nor anything that was never given
      if (!changed.containsKey(hold.slot()) && hold.number() <= reserved) {
        available.put(hold.number(), hold);
      }
    }
    for (Hold hold : remembered) {
      // whoever asks for it now is still answered
      if (!byRequest.containsKey(hold.requestId())) {
        forgettable.add(hold);
      }
    }
    lastSlot = last;
  }

  /** Settles what is asked, and notes what it changes. */
  public Outcome settle(Ask ask) {
    if (ask instanceof Ask.Raise raise) {
      return raise(raise);
    }
    Hold mine = byRequest.get(ask.requestId());
    if (ask instanceof Ask.Take take) {
      return mine == null ? give(take) : again(mine, take);
    }
    if (ask instanceof Ask.Confirm) {
      return mine == null ? refused(Outcome.Reason.NOT_HELD) : confirm(mine);
    }
    return mine == null ? new Outcome.Cancelled(false) : cancel(mine);
  }

  private Outcome raise(Ask.Raise raise) {
    begin(raise.numbering());
    boolean first = reserved < raise.to();
    if (first) {
      reserved = raise.to();
      epochSecond = moment(raise.numbering()).epochSecond();
      raised = true;
    }
    return new Outcome.Raised(first);
  }

  private static Outcome refused(Outcome.Reason reason) {
    return new Outcome.Refused(reason, "");
  }

  private Outcome again(Hold mine, Ask.Take take) {
    if (mine.state() == HoldState.HELD) {
      available.remove(mine.number(), mine);
      note(mine.heldUntil(nowSecond + take.holdSeconds()));
    }
    return new Outcome.Given(mine.id(), mine.number(), Outcome.Source.REPEATED);
  }

  private Outcome give(Ask.Take take) {
    begin(take.numbering());
    Map.Entry<Long, Hold> lowest = available.firstEntry();
    NumberRange range = take.numbering().range();
    long number = lowest == null ? range.firstAbove(reserved) : lowest.getKey();
    if (number == NumberRange.NONE) {
      return refused(Outcome.Reason.EXHAUSTED);
    }
    Moment moment = moment(take.numbering());
    String id;
    try {
      id = take.maker().make(number, moment);
    } catch (IdMaker.Failure e) {
      return new Outcome.Refused(Outcome.Reason.NO_ID, String.valueOf(e.getMessage()));
    }
    epochSecond = moment.epochSecond();
    if (lowest == null) {
      reserved = number;
      hold(slot(), number, id, take);
      return new Outcome.Given(id, number, Outcome.Source.NEW);
    }
    Hold before = lowest.getValue();
    available.remove(number);
    byRequest.remove(before.requestId());
    hold(before.slot(), number, id, take);
    return new Outcome.Given(
        id,
        number,
        before.state() == HoldState.FREE ? Outcome.Source.CANCELLED : Outcome.Source.LAPSED);
  }

  private void hold(long slot, long number, String id, Ask.Take take) {
    long until = nowSecond + take.holdSeconds();
    note(new Hold(slot, period, number, HoldState.HELD, take.requestId(), id, epochSecond, until));
  }

  private long slot() {
    Hold old = forgettable.poll();
    return old == null ? ++lastSlot : old.slot();
  }

  private Outcome confirm(Hold mine) {
    boolean first = mine.state() == HoldState.HELD;
    if (first) {
      available.remove(mine.number(), mine);
      note(mine.confirmed(nowSecond + REMEMBERED_S));
    }
    return new Outcome.Confirmed(mine.id(), first);
  }

  private Outcome cancel(Hold mine) {
    if (mine.state() == HoldState.CONFIRMED) {
      return refused(Outcome.Reason.ALREADY_CONFIRMED);
    }
    byRequest.remove(mine.requestId());
    Hold freed = mine.freed();
    changed.put(freed.slot(), freed);
    if (freed.period() == period) {
      available.put(freed.number(), freed);
    }
    return new Outcome.Cancelled(true);
  }

  private void note(Hold hold) {
    changed.put(hold.slot(), hold);
    byRequest.put(hold.requestId(), hold);
  }

  /** The counter's row after all that was settled. */
  public CounterState state() {
    return new CounterState(period, until, reserved, epochSecond);
  }

  /** How often it has changed then. */
  public long changes() {
    return isChanged() ? changes + 1 : changes;
  }

  /** Whether the counter's row has to be written; its version is part of every change. */
  public boolean isChanged() {
    return raised || older || !changed.isEmpty();
  }

  /** The holds that have to be written. */
  public List<Hold> changed() {
    return List.copyOf(changed.values());
  }
}
