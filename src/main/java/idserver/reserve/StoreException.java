package idserver.reserve;

import org.jspecify.annotations.Nullable;

/** The store could not do what was asked, or its answer was lost: the outcome is in doubt. */
public class StoreException extends Exception {
  private static final long serialVersionUID = 1;

  /**
   * @param message what an operator should know, in one line
   */
  public StoreException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** What has failed, what that means and what to do, in one line of the log. */
  public String forOperator() {
    return "The database does not answer: ids go on while blocks last, and it is tried again until it"
        + " is back. Check that it runs and can be reached. "
        + getMessage();
  }
}
