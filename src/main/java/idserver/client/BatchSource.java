package idserver.client;

import java.util.concurrent.CompletableFuture;

/**
 * Where a cache gets its ids from.
 *
 * @param <T> {@code String[]} or {@code long[]}
 */
@FunctionalInterface
public interface BatchSource<T> {
  /**
   * Begins to fetch ids, and does not wait for them. Called by any thread.
   *
   * @param count how many, 1 or more
   * @return ids that nobody else has and that never come again
   */
  CompletableFuture<T> fetch(int count);
}
