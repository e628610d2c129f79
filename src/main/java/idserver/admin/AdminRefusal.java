package idserver.admin;

/** An administrator's request that is not carried out, and what can be done about it. Immutable. */
public final class AdminRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String error;

  /**
   * @param status of HTTP, 400 to 599
   * @param error the stable name of the reason
   * @param message what a person should know or do
   */
  public AdminRefusal(int status, String error, String message) {
    super(message);
    this.status = status;
    this.error = error;
  }

  /** A member of the request that is wrong. */
  static AdminRefusal badField(String member, String rule) {
    return new AdminRefusal(400, "BAD_FIELD", member + ": " + rule);
  }

  int status() {
    return status;
  }

  String error() {
    return error;
  }
}
