package idserver.counter;

/** Where a counter asks for its next block. Called on request threads: it must not wait. */
public interface BlockDemand {
  /**
   * Asks for a block. The counter is told by {@link Counter#granted} or {@link Counter#failed}.
   *
   * @return false when the queue is full and nobody will take care of it
   */
  boolean want(Counter counter);

  /** Whether the store failed when it was last asked, so that there is no use in waiting. */
  boolean isDown();
}
