package idserver.gapfree;

/**
 * What the gap-free counters have come to since the start, on this server. Immutable.
 *
 * @param held numbers given, those that had been another's before included
 * @param repeated requests answered with the number that they had already
 * @param confirmed numbers confirmed
 * @param cancelled numbers given back
 * @param lapsed numbers given that another request had not confirmed in time
 * @param older how often a counter was found of which the database knew less than was given: what
 *     was not confirmed of it is doubtful
 * @param waiting requests that wait for the database now
 */
public record HoldFigures(
    long held,
    long repeated,
    long confirmed,
    long cancelled,
    long lapsed,
    long older,
    int waiting) {}
