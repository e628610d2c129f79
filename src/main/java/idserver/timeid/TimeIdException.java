package idserver.timeid;

/** There is no id, for those who asked for one without looking at refusals. Immutable. */
public final class TimeIdException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final TimeIdRefusal refusal;

  TimeIdException(TimeIdRefusal refusal) {
    super(refusal.toString());
    this.refusal = refusal;
  }

  /** Why there is none. */
  public TimeIdRefusal refusal() {
    return refusal;
  }
}
