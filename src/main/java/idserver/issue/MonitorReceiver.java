package idserver.issue;

/**
 * Who is told about a counter. Exactly one of the methods is called, exactly once, on the asking
 * thread or on another; it must not wait.
 */
public interface MonitorReceiver {
  /**
   * The counter as this server has it.
   *
   * @param counter the last number issued in its latest period; below the rule's minimum when none
   *     has been
   * @param nodeOffset {@code id_offset} of this server
   */
  void counted(long counter, int nodeOffset);

  /** Nothing is known of such a counter, or the store cannot be asked. */
  void refused(Refusal refusal);
}
