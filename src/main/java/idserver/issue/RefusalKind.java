package idserver.issue;

/**
 * Every reason for which a request is refused. The name is stable and travels in the answer's
 * {@code error} member; the code travels in {@code code} and is the HTTP status of the REST answer.
 */
public enum RefusalKind {
  /** The request is not one JSON object as RFC 8259 has it. */
  BAD_JSON(400),
  /** A member is missing, null, of the wrong type or out of range; the message names it. */
  BAD_FIELD(400),
  /** {@code app_name} is empty, too long or holds a character that a name may not hold. */
  BAD_APP_NAME(400),
  /** {@code salt} is too long or holds a control character. */
  BAD_SALT(400),
  /** {@code action} is none of those served. */
  UNKNOWN_ACTION(400),
  /** The {@code request_id} was used with other parameters. */
  REQUEST_ID_REUSED(422),
  /** The rule numbers nothing of that {@code biz_date}, or not any more. */
  BIZ_DATE_CLOSED(422),
  /** No rule of that name is loaded. */
  UNKNOWN_RULE(404),
  /** The counter asked about has never been used. */
  NOT_FOUND(404),
  /** The counter has reached its maximum and starts again only in the next period. */
  EXHAUSTED(409),
  /** The request has no number of a gap-free rule: what it was given, if anything, is another's. */
  NOT_HELD(409),
  /** The number of a gap-free rule cannot be given back: it was confirmed. */
  ALREADY_CONFIRMED(409),
  /** A bounded queue or table of the server is full. */
  TOO_MANY(429),
  /** The rule's script failed or returned something that cannot be an id. */
  RULE_ERROR(500),
  /** The database did not make a block durable in time, and none is in hand. */
  STORAGE_UNAVAILABLE(503),
  /** The server is starting or stopping. */
  NOT_READY(503);

  private final int code;

  RefusalKind(int code) {
    this.code = code;
  }

  /** The answer's {@code code} and HTTP status: 400 to 599, never 0. */
  public int code() {
    return code;
  }

  /** Whether the request itself is at fault: whoever sends it again is refused again. */
  public boolean isOfTheRequest() {
    return switch (this) {
      case BAD_JSON,
          BAD_FIELD,
          BAD_APP_NAME,
          BAD_SALT,
          UNKNOWN_ACTION,
          REQUEST_ID_REUSED,
          BIZ_DATE_CLOSED,
          UNKNOWN_RULE,
          NOT_FOUND ->
          true;
      case EXHAUSTED,
          NOT_HELD,
          ALREADY_CONFIRMED,
          TOO_MANY,
          RULE_ERROR,
          STORAGE_UNAVAILABLE,
          NOT_READY ->
          false;
    };
  }
}
