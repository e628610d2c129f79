package idserver.reserve;

/** The store could not do what was asked, or its answer was lost: the outcome is in doubt. */
public class StoreException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param message what an operator should know, in one line
   */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
