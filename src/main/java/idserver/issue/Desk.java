package idserver.issue;

import idserver.counter.CounterKey;

/**
 * Where one thread has its requests served, one after the other: what a request needs is kept for
 * the next. Confined to that thread.
 */
public interface Desk {
  /**
   * Issues ids, as {@link IdService#issue}.
   *
   * @param key whose ids
   * @param salt what the client gives the rule, empty when it gives nothing
   * @param count how many ids, 1 or more
   * @param patienceNanos how long it may wait for a block before it is refused
   * @return whether the receiver has been told; if not, another thread is going to, or just has
   */
  boolean issue(CounterKey key, String salt, int count, long patienceNanos, Receiver receiver);

  /**
   * The same for a request with a {@code request_id}: its repetition is given the ids of the first
   * one, at whatever desk of this server, as long as that is remembered.
   */
  boolean issue(
      String requestId,
      CounterKey key,
      String salt,
      int count,
      long patienceNanos,
      Receiver receiver);

  /** The same for a request of a business day, with a {@code request_id} or without. */
  boolean issue(DatedRequest request, Receiver receiver);
}
