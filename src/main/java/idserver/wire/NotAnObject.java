package idserver.wire;

import idserver.issue.Refusal;
import idserver.issue.RefusalKind;

/**
 * Bytes that do not even begin as a JSON object: nothing at all, binary, another JSON value, or a
 * byte order mark. Over UDP that is no request and deserves no answer; where an answer is owed, it
 * is {@link #refusal}.
 */
public enum NotAnObject implements Decoded {
  INSTANCE;

  private static final Refusal REFUSAL = new Refusal(RefusalKind.BAD_JSON, "not a JSON object");

  /** The refusal for transports that answer every request. */
  public Refusal refusal() {
    return REFUSAL;
  }
}
