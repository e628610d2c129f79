package idserver.issue;

/**
 * A request for ids, its members already checked. Immutable.
 *
 * @param ruleName the rule to ask
 * @param appName the application's namespace within it
 * @param salt what the client gives the rule, empty when it gives nothing
 * @param count how many ids, 1 or more
 * @param patienceNanos how long it may wait for a block before it is refused
 */
public record IdRequest(
    String ruleName, String appName, String salt, int count, long patienceNanos) {}
