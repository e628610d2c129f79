package idserver.gapfree;

/** What became of an {@link Ask}. Immutable. */
public sealed interface Outcome {
  /** Where a number came from. */
  enum Source {
    /** It was given for the first time. */
    NEW,
    /** The request had it already. */
    REPEATED,
    /** Another request had cancelled it. */
    CANCELLED,
    /** Another request had not confirmed it in time. */
    LAPSED
  }

  /** Why there is none. */
  enum Reason {
    /** The request has no number: it may not use the id that it was given, if any. */
    NOT_HELD,
    /** It cannot be cancelled any more. */
    ALREADY_CONFIRMED,
    /** The range is used up in this period. */
    EXHAUSTED,
    /** The rule made no id. */
    NO_ID
  }

  /** A number is held for the request. */
  record Given(String id, long number, Source source) implements Outcome {}

  /**
   * The number is the request's for good.
   *
   * @param first whether it had not been before
   */
  record Confirmed(String id, boolean first) implements Outcome {}

  /**
   * The request has no number any more.
   *
   * @param first whether it had one before
   */
  record Cancelled(boolean first) implements Outcome {}

  /**
   * The counter is above that number.
   *
   * @param first whether it had not been before
   */
  record Raised(boolean first) implements Outcome {}

  /**
   * Nothing was done.
   *
   * @param message what the rule says where it made no id; else empty
   */
  record Refused(Reason reason, String message) implements Outcome {}
}
