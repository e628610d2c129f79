package idserver.rule;

/** A rule's script failed or returned what cannot be an id. */
public final class RuleException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param message file, line and reason, in one line
   */
  public RuleException(String message) {
    // no stack: this is the script's failure, and clients can cause many of them
    super(message, null, false, false);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
