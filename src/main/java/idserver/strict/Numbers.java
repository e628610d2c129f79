package idserver.strict;

import idserver.counter.Moment;

/**
 * Numbers that were reserved for one request, each following the one before. Immutable.
 *
 * @param first the lowest of them; how many there are the request knows
 * @param moment the one with which they were reserved: over all servers it is never before that of
 *     a lower number, and it is in their period
 * @param period the start of their period
 */
public record Numbers(long first, Moment moment, long period) {}
