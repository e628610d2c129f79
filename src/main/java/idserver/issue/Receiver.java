package idserver.issue;

import java.util.List;

/**
 * Who is told what became of a request for ids. Exactly one of the methods is called, exactly once,
 * on the asking thread or on another; it must not wait.
 */
public interface Receiver {
  /**
   * The ids, in the order of their counters.
   *
   * @param ids as many as were asked for
   */
  void issued(List<String> ids);

  /** No id was issued. */
  void refused(Refusal refusal);
}
