package idserver.client;

/**
 * What a cache has, and has done since it was made.
 *
 * @param inHand ids that could be taken without waiting
 * @param target how many it now keeps ahead
 * @param fetched ids that came
 * @param expired ids dropped because of their age
 * @param waits takers that found nothing and had to wait
 * @param failures fetches that brought nothing
 */
public record CacheMetrics(
    long inHand, int target, long fetched, long expired, long waits, long failures) {}
