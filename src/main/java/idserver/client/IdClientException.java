package idserver.client;

/**
 * A request that brought no ids. {@link #error} is the server's name for the reason, such as {@code
 * UNKNOWN_RULE} or {@code EXHAUSTED}, or one of the client's own: {@link #NO_ANSWER}, {@link
 * #CLOSED}, {@link #INTERRUPTED}, {@link #TOO_LARGE}, {@link #BAD_ANSWER}.
 */
public final class IdClientException extends RuntimeException {
  /** No server answered before the deadline; the message tells which were tried. */
  public static final String NO_ANSWER = "NO_ANSWER";

  /** The client, or the cache, is closed. */
  public static final String CLOSED = "CLOSED";

  /** The thread was interrupted while it waited; it still is. */
  public static final String INTERRUPTED = "INTERRUPTED";

  /** The request is too large for a datagram, and no server has HTTP. */
  public static final String TOO_LARGE = "TOO_LARGE";

  /** The ids that came cannot be used: a cache of numbers got something else. */
  public static final String BAD_ANSWER = "BAD_ANSWER";

  private static final long serialVersionUID = 1;

  private final String error;
  private final int code;

  IdClientException(String error, int code, String message) {
    super(message.isEmpty() ? error : error + ": " + message);
    this.error = error;
    this.code = code;
  }

  /** The same, as the caller's own: with the first one as its cause. */
  IdClientException(IdClientException cause) {
    super(cause.getMessage(), cause);
    this.error = cause.error;
    this.code = cause.code;
  }

  /** The reason's name, which does not change from version to version. */
  public String error() {
    return error;
  }

  /** The server's {@code code}, 400 to 599; 0 when the reason is the client's own. */
  public int code() {
    return code;
  }
}
