package idserver.reserve;

/** Somebody else changed a row in between, and nothing was changed here: read again. */
public final class ConflictException extends StoreException {
  private static final long serialVersionUID = 1;

  public ConflictException(String message, Throwable cause) {
    super(message, cause);
  }
}
