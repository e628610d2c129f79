package idserver.counter;

import java.util.Optional;

/**
 * Who wishes for blocks: of its own, ahead of use, or for those who wait. Called by the one thread
 * that reserves for it at that time, which must not be kept waiting.
 */
public interface Wishing {
  /** The block that is wanted now; empty where none is any more, and then nothing more is told. */
  Optional<Wish> wish(Moment now);

  /** The wish has been granted, durably. */
  void granted(Wish wish, Grant grant);

  /** The store has failed; the wish stands, and is made anew when it is tried again. */
  void failed();
}
