package idserver.counter;

/**
 * Numbers that a counter reserved and did not issue. Immutable.
 *
 * @param key whose numbers
 * @param shared whether they come from the row that all servers share
 * @param period the period they were reserved for
 * @param reserved the reservation as this server knows it; another value in the store means that
 *     somebody else has gone on, and nothing can be given back
 * @param issued the highest number that stays promised
 */
public record Leftover(CounterKey key, boolean shared, long period, long reserved, long issued) {}
