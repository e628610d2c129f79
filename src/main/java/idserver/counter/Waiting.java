package idserver.counter;

/**
 * A request parked at a counter that has no block in hand. It is told exactly once how it goes on,
 * never under a lock of the counter.
 */
public interface Waiting {
  /** When it wants to be refused at the latest, on the clock of {@link System#nanoTime}. */
  long deadlineNanos();

  /** How many numbers it is going to draw: 1 or more. */
  int demand();

  /** A block has come: draw again. */
  void resume();

  /** No block has come in time, or none can come: refuse. */
  void giveUp();

  /** The counter has closed for good: refuse. */
  void closed();
}
