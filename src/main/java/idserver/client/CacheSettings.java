package idserver.client;

import java.time.Duration;

/**
 * How much a cache keeps. Immutable; each {@code with} makes another one.
 *
 * @param least how many ids it fetches at first, 1 or more; default 20
 * @param most how many it has fetched and not begun to hand out, or is fetching, at the most;
 *     default 100 000. Beside them it has what is left of one batch
 * @param batch the most of one fetch, 1 or more; default 10 000, and less for a client without HTTP
 * @param maxAge ids that are older are dropped, up to an eighth later; default 60 s; 0: never
 */
public record CacheSettings(int least, int most, int batch, Duration maxAge) {
  /** The defaults. */
  public static final CacheSettings DEFAULT =
      new CacheSettings(20, 100_000, IdClient.MOST_IDS, Duration.ofSeconds(60));

  public CacheSettings {
    if (least < 1 || most < least || batch < 1) {
      throw new IllegalArgumentException(
          "needs 1 <= least <= most and 1 <= batch: least=%d, most=%d, batch=%d"
              .formatted(least, most, batch));
    }
    if (maxAge.isNegative() || (!maxAge.isZero() && maxAge.toMillis() < 8)) {
      throw new IllegalArgumentException("maxAge must be 0, or 8 ms or more: " + maxAge);
    }
  }

  /** With other limits of how many ids are kept. */
  public CacheSettings withIds(int least, int most) {
    return new CacheSettings(least, most, batch, maxAge);
  }

  /** With another {@code batch}. */
  public CacheSettings withBatch(int value) {
    return new CacheSettings(least, most, value, maxAge);
  }

  /** With another {@code maxAge}. */
  public CacheSettings withMaxAge(Duration value) {
    return new CacheSettings(least, most, batch, value);
  }
}
