package idserver.model;

import idserver.reserve.CounterState;
import org.jspecify.annotations.Nullable;

/** How much is promised of one counter: a row of the database, or a mark in a file. */
final class Row {
  private static final int NEVER = -1;

  private int period = NEVER;
  private int reserved;

  void pass(Bytes io) {
    period = io.pass(period);
    reserved = io.pass(reserved);
  }

  @Nullable CounterState state() {
    return period == NEVER ? null : new CounterState(period, 0, reserved, 0);
  }

  int period() {
    return period;
  }

  int reserved() {
    return reserved;
  }

  boolean is(int otherPeriod, int otherReserved) {
    return period == otherPeriod && reserved == otherReserved;
  }

  /** Whether this promises less. */
  boolean isBehind(int otherPeriod, int otherReserved) {
    return period < otherPeriod || (period == otherPeriod && reserved < otherReserved);
  }

  void become(int newPeriod, int newReserved) {
    period = newPeriod;
    reserved = newReserved;
  }

  void raise(int newPeriod, int newReserved) {
    if (isBehind(newPeriod, newReserved)) {
      become(newPeriod, newReserved);
    }
  }

  void clear() {
    become(NEVER, 0);
  }

  @Override
  public String toString() {
    return period == NEVER
        ? "nothing is reserved"
        : reserved + " is reserved of day " + (period + 1);
  }
}
