package idserver.testing;

import java.util.List;

/**
 * Threads that do something to one object. Made anew, without arguments, for every order in which
 * {@link Interleavings} has them do it.
 */
public interface Play {
  /** What each thread does: two to four of them. */
  List<Runnable> threads();

  /** When all have ended: throws what is wrong. */
  void end();
}
