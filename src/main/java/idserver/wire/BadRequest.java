package idserver.wire;

import idserver.issue.Refusal;

/**
 * A JSON object that is no request that can be served. Immutable.
 *
 * @param refusal the first fault, in the order JSON, action, rule_name, app_name, salt, count,
 *     request_id, seq
 * @param seq what the answer is to echo; {@link Seq#NONE} also when the JSON is broken or seq
 *     itself is too long
 */
public record BadRequest(Refusal refusal, Seq seq) implements Decoded {}
