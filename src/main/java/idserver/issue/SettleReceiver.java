package idserver.issue;

import idserver.rule.Ids;

/**
 * Who is told what became of a number of a gap-free rule. Exactly one of the methods is called,
 * exactly once, on the asking thread or on another; it must not wait.
 */
public interface SettleReceiver {
  /**
   * The id is used for good.
   *
   * @param id one; of no meaning any more when this method has returned
   */
  void confirmed(Ids id);

  /** The request has no number any more. */
  void cancelled();

  /** Nothing was done, or nobody knows. */
  void refused(Refusal refusal);
}
