package idserver.issue;

import idserver.rule.Ids;

/**
 * Who is told what became of a request for ids. Exactly one of the methods is called, exactly once,
 * on the asking thread or on another; it must not wait.
 */
public interface Receiver {
  /**
   * The ids, in the order of their counters.
   *
   * @param ids as many as were asked for; of no meaning any more when this method has returned
   */
  void issued(Ids ids);

  /** No id was issued. */
  void refused(Refusal refusal);
}
