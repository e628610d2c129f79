package idserver.strict;

import idserver.counter.Numbering;
import idserver.reserve.WaitingRoom;

/** One who waits in a line. Immutable; told apart by identity. */
final class Request implements WaitingRoom.Guest {
  /** No number is asked for in particular. */
  static final long NEXT = -1;

  private final Numbering numbering;
  private final int count;
  private final long least;
  private final long deadlineNanos;
  private final Taker taker;

  /**
   * @param numbering the range and period that it is to have its numbers from
   * @param count how many numbers, 1 or more
   * @param least the lowest that will do, as others are in use elsewhere; or {@link #NEXT}
   */
  Request(Numbering numbering, int count, long least, long deadlineNanos, Taker taker) {
    this.numbering = numbering;
    this.count = count;
    this.least = least;
    this.deadlineNanos = deadlineNanos;
    this.taker = taker;
  }

  Numbering numbering() {
    return numbering;
  }

  int count() {
    return count;
  }

  long least() {
    return least;
  }

  Taker taker() {
    return taker;
  }

  /** Whether one wish can be for both. */
  boolean goesWith(Request other) {
    return least == NEXT && other.least == NEXT && numbering.equals(other.numbering);
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }
}
