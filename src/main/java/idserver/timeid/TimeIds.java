package idserver.timeid;

import idserver.timeid.TimeIdSettings.WhenFull;

/**
 * The ids of one kind. Thread-safe or not as the subclass says; all that is here is immutable.
 *
 * <p>What a kind has issued is one number, its state: {@code (ms, serial)} or the number of a tick,
 * counted so that the next one is 1 more and a full millisecond runs over into the next. The next
 * state follows the last one, plus as many whole rounds as the clock has gone on since. A round is
 * a power of two, so the low bits of a kind's ids follow each other whatever the rate is: one
 * millisecond of serials in {@link TimeIdLayout#CLASSIC}, {@code spreadMs} in the others. {@link
 * TimeIdLayout#SPILL} takes the next serial of a millisecond only when the clock has not gone on.
 */
public abstract sealed class TimeIds permits SharedTimeIds, ConfinedTimeIds {
  private static final long NANOS_PER_MS = 1_000_000;

  /** What a generator holds as its state that has been retired: no state follows. */
  static final long RETIRED = Long.MAX_VALUE;

  private static final long BUSY = TimeIdRefusal.BUSY.code();

  private final TimeIdSettings settings;
  private final TimeIdClock clock;
  private final TimePromise promise;

  // the layout in numbers: id = idBase + slot * idUnit + (serial << serialShift)
  private final int serialBits;
  private final int serialShift;
  private final long serialMask;
  private final long idBase;
  private final long idUnit;

  // a slot is what ids share but for the serial: a millisecond, or a tick of this node
  private final long slotMs;
  private final long slotOffsetMs;

  private final long startMs;
  private final long fill;
  private final long round;
  private final long borrow;
  private final long lastState;

  TimeIds(TimeIdSettings settings, TimeIdClock clock, TimePromise promise) {
    TimeIdFormat format = settings.format();
    TimeIdLayout layout = format.layout();
    this.settings = settings;
    this.clock = clock;
    this.promise = promise;
    startMs = clock.startMs() - format.epochMs();
    if (startMs < 1) {
      throw new IllegalArgumentException(
          "epoch must be before now: epoch=" + format.epochMs() + " ms, now=" + clock.startMs());
    }
    boolean ordered = layout == TimeIdLayout.ORDERED;
    serialBits = layout.serialBits();
    serialMask = layout.maxSerial();
    serialShift = layout == TimeIdLayout.SPILL ? 41 : 0;
    slotMs = ordered ? format.nodes() : 1;
    slotOffsetMs = ordered ? format.node() : 0;
    idBase =
        switch (layout) {
          case SPILL -> (long) format.node() << 53;
          case ORDERED -> format.node();
          case CLASSIC -> (long) format.node() << 12;
        };
    idUnit =
        switch (layout) {
          case SPILL -> 1;
          case ORDERED -> format.nodes();
          case CLASSIC -> 1L << 22;
        };
    fill = layout == TimeIdLayout.SPILL ? serialMask : 0;
    round = Long.highestOneBit(Math.max(1, spreadMs(settings) / slotMs)) << serialBits;
    borrow = (settings.borrowMs() / slotMs) << serialBits;
    lastState = (((TimeIdLayout.LAST_MS - slotOffsetMs) / slotMs) << serialBits) | serialMask;
  }

  private static long spreadMs(TimeIdSettings settings) {
    return settings.format().layout() == TimeIdLayout.CLASSIC ? 1 : settings.spreadMs();
  }

  /**
   * The next id: above 0, and for this caller alone.
   *
   * @throws TimeIdException when there is none
   */
  public final long next() {
    long id = tryNext();
    if (id < 0) {
      throw new TimeIdException(TimeIdRefusal.of(id));
    }
    return id;
  }

  /** The next id, or the code of a {@link TimeIdRefusal}, which is below 0. */
  public abstract long tryNext();

  /**
   * So many ids at once, at the price of one.
   *
   * @param count 1 to {@link #maxBatch}
   * @throws TimeIdException when there are not so many
   */
  public final TimeIdBatch next(int count) {
    TimeIdBatch batch = tryNext(count);
    if (batch.isRefused()) {
      throw new TimeIdException(batch.refusal());
    }
    return batch;
  }

  /**
   * So many ids at once, at the price of one; or none, and why.
   *
   * @param count 1 to {@link #maxBatch}
   */
  public abstract TimeIdBatch tryNext(int count);

  /** The largest batch: what can be borrowed and one millisecond. */
  public final int maxBatch() {
    return (int) Math.min(Integer.MAX_VALUE, borrow + serialMask + 1);
  }

  /** How these ids are made. */
  public final TimeIdSettings settings() {
    return settings;
  }

  /** The state before the first: ids begin at this time or above. */
  final long stateBefore(long timeMs) {
    long sinceSlotZero = timeMs - settings.format().epochMs() - slotOffsetMs;
    // rounded up: a slot that begins before that time may have been used
    return (Math.max(0, -Math.floorDiv(-sinceSlotZero, slotMs)) << serialBits) - 1;
  }

  final TimeIdClock clock() {
    return clock;
  }

  final long elapsedNanos() {
    return clock.elapsedNanos();
  }

  /**
   * Whether the next state is in the same millisecond as the last, by the clock as well. All that
   * {@link #advance} looks at has then been looked at for the last one. No division: this is the
   * path of a kind that issues many ids a millisecond.
   */
  final boolean isWithinMs(long last, long elapsedNanos) {
    return ((last + 1) & serialMask) != 0
        && elapsedNanos < ((last >>> serialBits) + 1 - startMs) * NANOS_PER_MS;
  }

  /** The state that follows the last one at that time, or the code of a refusal. */
  final long advance(long last, long elapsedNanos) {
    if (last == RETIRED) {
      return TimeIdRefusal.RETIRED.code();
    }
    long reached = stateAt(elapsedNanos);
    long follows = (last | fill) + 1;
    long free = reached - follows;
    long next = free >= 0 ? follows + (free & -round) : last + 1;
    return covered(next, next, reached);
  }

  /** The batch that follows the last state at that time, or a refused one. */
  final TimeIdBatch batch(long last, long elapsedNanos, int count) {
    if (last == RETIRED) {
      return new TimeIdBatch(this, TimeIdRefusal.RETIRED.code());
    }
    long reached = stateAt(elapsedNanos);
    long follows = (last | fill) + 1;
    // one id a millisecond where the time that has passed suffices, else the serials as well
    long stride = fill + 1;
    long free = reached - follows - (count - 1) * stride;
    if (free < 0) {
      stride = 1;
      free = reached - follows - (count - 1);
    }
    long first = free >= 0 ? follows + (free & -round) : last + 1;
    long outcome = covered(first, first + (count - 1) * stride, reached);
    return outcome < 0
        ? new TimeIdBatch(this, outcome)
        : new TimeIdBatch(this, outcome, stride, count);
  }

  final void checkCount(int count) {
    if (count < 1 || count > maxBatch()) {
      throw new IllegalArgumentException("count must be 1 to " + maxBatch() + ": " + count);
    }
  }

  /** The last state that the clock has come to. */
  private long stateAt(long elapsedNanos) {
    long ms = startMs + elapsedNanos / NANOS_PER_MS;
    return slotMs == 1 ? ms << serialBits | serialMask : Math.floorDiv(ms - slotOffsetMs, slotMs);
  }

  /** The first state, or why the states from there to the end cannot be issued. */
  private long covered(long first, long end, long reached) {
    if (end > lastState) {
      return TimeIdRefusal.EXHAUSTED.code();
    }
    if (end - reached > borrow) {
      return BUSY;
    }
    if (timeMs(end) >= promise.promisedMs()) {
      return TimeIdRefusal.UNPROMISED.code();
    }
    return first;
  }

  /** The time of a state, in milliseconds since 1970-01-01T00:00Z. */
  final long timeMs(long state) {
    return settings.format().epochMs() + (state >>> serialBits) * slotMs + slotOffsetMs;
  }

  final long idOf(long state) {
    return idBase + (state >>> serialBits) * idUnit + ((state & serialMask) << serialShift);
  }

  /** What the clock shows when it is time to try again, or -1 when the refusal stands. */
  final long retryNanos(long refusalCode, long elapsedNanos) {
    if (refusalCode != BUSY) {
      return -1;
    }
    long now = clock.elapsedNanos();
    // a reading of the clock may be old when others have been quicker
    if (now / NANOS_PER_MS > elapsedNanos / NANOS_PER_MS) {
      return now;
    }
    if (settings.whenFull() == WhenFull.REFUSE || Thread.currentThread().isInterrupted()) {
      return -1;
    }
    clock.pause(NANOS_PER_MS - now % NANOS_PER_MS);
    return clock.elapsedNanos();
  }
}
