package idserver.client;

import java.util.List;

/**
 * Like {@link IdCache}, for rules whose ids are whole numbers of 64 bits, such as time ids: an id
 * costs some nanoseconds and no garbage (benchmark: {@code ClientCacheBenchmark}). Thread-safe; who
 * takes many in one thread may have a {@link #share}.
 */
public final class LongIdCache implements AutoCloseable {
  private final Supply<long[]> supply;

  /**
   * Fetches nothing before the first id is asked for.
   *
   * @param source never gives an id twice
   */
  public LongIdCache(BatchSource<long[]> source, CacheSettings settings) {
    this.supply = new Supply<>(source, settings, new long[0]);
  }

  /** A cache of one namespace. The client stays the caller's, and is closed after the cache. */
  public static LongIdCache of(IdClient client, String rule, String app, CacheSettings settings) {
    return new LongIdCache(
        count -> client.getAsync(rule, app, count).thenApply(LongIdCache::numbers),
        settings.withBatch(Math.min(settings.batch(), client.largestBatch())));
  }

  private static long[] numbers(List<String> ids) {
    long[] numbers = new long[ids.size()];
    for (int i = 0; i < numbers.length; i++) {
      try {
        numbers[i] = Long.parseLong(ids.get(i));
      } catch (NumberFormatException e) {
        throw new IdClientException(
            IdClientException.BAD_ANSWER, 0, "no number of 64 bits, use IdCache: " + ids.get(i));
      }
    }
    return numbers;
  }

  /**
   * The next id, which no other call returns. Waits, up to the client's deadline, where none is in
   * hand.
   *
   * @throws IdClientException when none could be fetched, when the ids are no numbers, or when the
   *     cache is closed
   */
  public long nextLong() {
    Batch<long[]> batch = supply.current();
    int place = batch.take();
    while (place >= batch.size) {
      batch = supply.after(batch);
      place = batch.take();
    }
    return batch.ids[place];
  }

  /**
   * A part of this cache for one thread, which takes so many ids at once.
   *
   * @param size 1 to 10 000
   */
  public Share share(int size) {
    if (size < 1 || size > IdClient.MOST_IDS) {
      throw new IllegalArgumentException("size must be 1 to " + IdClient.MOST_IDS + ": " + size);
    }
    return new Share(this, size);
  }

  /** What it has, and has done. */
  public CacheMetrics metrics() {
    return supply.metrics();
  }

  /** Drops what is in hand; from here on there is no id but those that shares have. */
  @Override
  public void close() {
    supply.close();
  }

  /**
   * Ids that were taken out of a {@link LongIdCache} for one owner. Not thread-safe: confined to
   * it. They do not grow too old here: who has been idle for long can {@link #drop} them.
   */
  public static final class Share {
    private final LongIdCache cache;
    private final int size;
    private long[] ids = new long[0];
    private int next;
    private int end;

    private Share(LongIdCache cache, int size) {
      this.cache = cache;
      this.size = size;
    }

    /** As {@link LongIdCache#nextLong}. */
    public long nextLong() {
      if (next == end) {
        refill();
      }
      return ids[next++];
    }

    private void refill() {
      Batch<long[]> batch = cache.supply.current();
      int place = batch.take(size);
      while (place >= batch.size) {
        batch = cache.supply.after(batch);
        place = batch.take(size);
      }
      ids = batch.ids;
      next = place;
      end = Math.min(place + size, batch.size);
    }

    /** Drops what is in hand: they are a gap. */
    public void drop() {
      next = end;
    }
  }
}
