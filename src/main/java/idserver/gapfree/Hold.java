package idserver.gapfree;

/**
 * A number of a gap-free counter that was given, and whose it is. Immutable.
 *
 * @param slot its place among those of its counter; taken over by another number when this one need
 *     not be remembered any more
 * @param period start of its period, in seconds of the local clock
 * @param number 0 or more
 * @param state what has become of it
 * @param requestId by which its request named it; empty when it is nobody's
 * @param id the text that was made of it; of no meaning when it is nobody's
 * @param epochSecond the moment that the id was made of, in seconds since 1970-01-01T00:00Z
 * @param untilSecond as long as it is held, or remembered when it is confirmed: the same by the
 *     database's clock
 */
public record Hold(
    long slot,
    long period,
    long number,
    HoldState state,
    String requestId,
    String id,
    long epochSecond,
    long untilSecond) {

  /** Nobody's request and text, for those that have none. */
  static final String NOBODY = "";

  /** Whether the next request may have it, where its period is the present one. */
  public boolean isAvailable(long nowSecond) {
    return state == HoldState.FREE || (state == HoldState.HELD && untilSecond <= nowSecond);
  }

  /** Whether it is confirmed, and so long ago that another number may have its slot. */
  public boolean isForgettable(long nowSecond) {
    return state == HoldState.CONFIRMED && untilSecond <= nowSecond;
  }

  /** Whether it is neither confirmed nor given up. */
  public boolean isOpen() {
    return state == HoldState.HELD || state == HoldState.FREE;
  }

  Hold heldUntil(long second) {
    return new Hold(slot, period, number, HoldState.HELD, requestId, id, epochSecond, second);
  }

  Hold confirmed(long rememberedUntil) {
    return new Hold(
        slot, period, number, HoldState.CONFIRMED, requestId, id, epochSecond, rememberedUntil);
  }

  Hold freed() {
    return new Hold(slot, period, number, HoldState.FREE, NOBODY, NOBODY, epochSecond, 0);
  }

  Hold doubted() {
    return new Hold(slot, period, number, HoldState.DOUBTFUL, NOBODY, id, epochSecond, 0);
  }
}
