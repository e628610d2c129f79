package idserver.issue;

/**
 * A request that was not served, and why. Immutable.
 *
 * @param kind the stable reason
 * @param message what a person should know or do; the important words come first, because a small
 *     datagram may carry only the beginning
 */
public record Refusal(RefusalKind kind, String message) {}
