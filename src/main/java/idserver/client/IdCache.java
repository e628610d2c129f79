package idserver.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Ids of one namespace, fetched ahead in batches, so that most of them cost no round trip. How many
 * are kept grows with what is taken, up to a bound. Thread-safe. Numbers have a faster one: {@link
 * LongIdCache}.
 *
 * <p>What it costs: an id is as old as its batch, so one with a date in it may show the day before
 * for {@link CacheSettings#maxAge} after midnight; what is left at the end, or grows too old, is a
 * gap; ids of several fetches need not rise.
 */
public final class IdCache implements AutoCloseable {
  private final Supply<String[]> supply;

  /**
   * Fetches nothing before the first id is asked for.
   *
   * @param source never gives an id twice
   */
  public IdCache(BatchSource<String[]> source, CacheSettings settings) {
    this.supply = new Supply<>(source, settings, new String[0]);
  }

  /** A cache of one namespace. The client stays the caller's, and is closed after the cache. */
  public static IdCache of(IdClient client, String rule, String app, CacheSettings settings) {
    return new IdCache(
        count -> fetch(client, rule, app, count),
        settings.withBatch(Math.min(settings.batch(), client.largestBatch())));
  }

  private static CompletableFuture<String[]> fetch(
      IdClient client, String rule, String app, int count) {
    CompletableFuture<List<String>> ids = client.getAsync(rule, app, count);
    return ids.thenApply(list -> list.toArray(new String[0]));
  }

  /**
   * The next id, which no other call returns. Waits, up to the client's deadline, where none is in
   * hand.
   *
   * @throws IdClientException when none could be fetched, or the cache is closed
   */
  public String next() {
    Batch<String[]> batch = supply.current();
    int place = batch.take();
    while (place >= batch.size) {
      batch = supply.after(batch);
      place = batch.take();
    }
    return batch.ids[place];
  }

  /** What it has, and has done. */
  public CacheMetrics metrics() {
    return supply.metrics();
  }

  /** Drops what is in hand; from here on there is no id. */
  @Override
  public void close() {
    supply.close();
  }
}
