package idserver.gapfree;

import idserver.counter.Moment;

/**
 * Makes the id of a number. Called within a transaction, and once more when that is tried again: it
 * is quick, and draws from nothing.
 */
@FunctionalInterface
public interface IdMaker {
  /**
   * The id, 1 to 256 bytes of UTF-8.
   *
   * @throws Failure when none can be made: the number is given to nobody then
   */
  String make(long number, Moment moment) throws Failure;

  /** No id can be made. */
  final class Failure extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * @param message for who asked
     */
    public Failure(String message) {
      super(message, null, false, false);
    }
  }
}
