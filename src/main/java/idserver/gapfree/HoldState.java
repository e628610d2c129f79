package idserver.gapfree;

/** What has become of a number that was given. */
public enum HoldState {
  /** A request has it, and has to confirm it in time. */
  HELD,
  /** Nobody has it: the next request gets it, as long as its period lasts. */
  FREE,
  /** It is in use for good. */
  CONFIRMED,
  /**
   * Nobody knows whether it is in use, as the database has come back older than what was given: it
   * is given to nobody any more.
   */
  DOUBTFUL
}
