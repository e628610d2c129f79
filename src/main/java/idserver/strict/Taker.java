package idserver.strict;

/**
 * Who waits for numbers of a strict counter. Exactly one of the methods is called, exactly once, by
 * another thread or by the asking one; it must not wait.
 */
public interface Taker {
  /** These are its own, for good. */
  void given(Numbers numbers);

  /** The range has not so many left in this period. */
  void exhausted();

  /** None came in time. What was reserved for it is given to nobody. */
  void late();

  /** The store does not work, or nobody knows what it did. */
  void unavailable();

  /** Too many wait. */
  void crowded();

  /** The server stops. */
  void closed();
}
