package idserver.gapfree;

import idserver.counter.CounterKey;
import idserver.counter.Numbering;

/** What a request wants of a gap-free counter. Immutable. */
public sealed interface Ask {
  /** Whose counter it is. */
  CounterKey key();

  /** By which the request names its number: 1 to 64 bytes of UTF-8; empty for an operator's. */
  String requestId();

  /**
   * A number: the one that the request has already, or else the lowest that is free, or else the
   * next.
   *
   * @param numbering the range and period of the counter
   * @param holdSeconds how long it is held, 1 or more
   * @param maker of its id
   */
  record Take(CounterKey key, String requestId, Numbering numbering, int holdSeconds, IdMaker maker)
      implements Ask {}

  /** To have the number for good. */
  record Confirm(CounterKey key, String requestId) implements Ask {}

  /**
   * The operator's: that the counter goes on above a number, as those up to it are in use
   * elsewhere. Never downwards.
   *
   * @param numbering the range and period of the counter
   * @param to a number of the range
   */
  record Raise(CounterKey key, Numbering numbering, long to) implements Ask {
    @Override
    public String requestId() {
      return "";
    }
  }

  /** To give the number back. */
  record Cancel(CounterKey key, String requestId) implements Ask {}
}
