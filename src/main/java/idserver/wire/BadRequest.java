package idserver.wire;

import idserver.issue.Refusal;
import idserver.issue.RefusalKind;

/**
 * A JSON object that is no request that can be served. Immutable. Its refusal is put into words
 * only for who is told: most of a flood are not.
 *
 * @param kind of the first fault, in the order JSON, action, rule_name, app_name, salt, count,
 *     request_id, seq
 * @param fault what is wrong
 * @param at the byte at which it is, or {@link #NOWHERE}
 * @param seq what the answer is to echo; {@link Seq#NONE} also when the JSON is broken or seq
 *     itself is too long
 */
public record BadRequest(RefusalKind kind, String fault, int at, Seq seq) implements Decoded {
  /** The fault is of a member, and not of a byte. */
  static final int NOWHERE = -1;

  BadRequest(Refusal refusal, Seq seq) {
    this(refusal.kind(), refusal.message(), NOWHERE, seq);
  }

  /** What the client is to be told. */
  public Refusal refusal() {
    return new Refusal(kind, at == NOWHERE ? fault : JsonScanner.faultAt(fault, at));
  }
}
