package idserver.counter;

/**
 * A block that a counter wants. Immutable.
 *
 * @param key whose numbers
 * @param numbering the range they come from and the least number of them
 * @param period start of the period they are for
 * @param size how many would be good; fewer may be granted
 * @param knownPeriod the latest period this server has ever been granted a block in
 * @param knownUntil when that period ends, as its numbers were granted; 0 where that is not known
 * @param knownReserved the highest number this server has been granted in it, so that a database
 *     that came back older than that is repaired and not believed
 * @param epochSecond when the wish was made
 */
public record Wish(
    CounterKey key,
    Numbering numbering,
    long period,
    long size,
    long knownPeriod,
    long knownUntil,
    long knownReserved,
    long epochSecond) {}
