package idserver.gapfree;

/**
 * Who waits for the outcome of an ask. Exactly one of the methods is called, exactly once, by
 * another thread or by the asking one; it must not wait.
 */
public interface Asker {
  /** That is what became of it, for good. */
  void settled(Outcome outcome);

  /**
   * Nobody knows what became of it: the database does not answer, or not in time. To ask again is
   * safe.
   */
  void unsettled();

  /** Too many wait. */
  void crowded();

  /** The server stops. */
  void closed();
}
