package idserver.issue;

import idserver.counter.CounterKey;

/**
 * A request for ids, its members already checked. Immutable.
 *
 * @param key the rule to ask, and the application's namespace within it
 * @param salt what the client gives the rule, empty when it gives nothing
 * @param count how many ids, 1 or more
 * @param patienceNanos how long it may wait for a block before it is refused
 */
public record IdRequest(CounterKey key, String salt, int count, long patienceNanos) {}
