package idserver.gapfree;

import idserver.reserve.CounterState;

/**
 * How far a gap-free counter is: what shows that a database has come back older. Immutable.
 *
 * @param state its row: the highest number given, and of which period
 * @param changes how often anything of it has changed so far: a confirm changes no row
 */
public record Mark(CounterState state, long changes) {}
