package idserver.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IdCacheTest {
  private static final CacheSettings SETTINGS = new CacheSettings(10, 1_000, 100, Duration.ZERO);

  private final AtomicLong last = new AtomicLong();
  private final Queue<Integer> asked = new ConcurrentLinkedQueue<>();

  private long[] numbers(int count) {
    asked.add(count);
    long from = last.getAndAdd(count);
    return LongStream.range(from, from + count).toArray();
  }

  private CompletableFuture<long[]> atOnce(int count) {
    return CompletableFuture.completedFuture(numbers(count));
  }

  @Test
  void givesTheIdsInTheirOrderToOneTaker() {
    try (LongIdCache cache = new LongIdCache(this::atOnce, SETTINGS)) {
      for (long i = 0; i < 10_000; i++) {
        assertThat(cache.nextLong()).isEqualTo(i);
      }
    }
  }

  @Test
  void fetchesNothingBeforeItIsAskedAndThenABatchAhead() {
    try (LongIdCache cache = new LongIdCache(this::atOnce, SETTINGS)) {
      assertThat(asked).isEmpty();
      cache.nextLong();
      assertThat(asked).containsExactly(10, 10);
      assertThat(cache.metrics().inHand()).isEqualTo(19);
    }
  }

  @Test
  void keepsMoreAheadOnlyAsFarAsItIsUsedAndBounded() {
    try (LongIdCache cache =
        new LongIdCache(
            count ->
                CompletableFuture.supplyAsync(
                    () -> numbers(count),
                    CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS)),
            SETTINGS)) {
      for (int i = 0; i < 20_000; i++) {
        cache.nextLong();
      }
      CacheMetrics metrics = cache.metrics();
      assertThat(metrics.waits()).isPositive();
      assertThat(metrics.target()).isEqualTo(1_000);
      assertThat(asked).allMatch(count -> count >= 1 && count <= 100);
      assertThat(metrics.fetched()).isLessThanOrEqualTo(20_000 + 1_100);
    }
  }

  @Test
  void noIdComesTwiceWithFourThreadsAndIdsThatGrowOld() {
    CacheSettings settings = SETTINGS.withMaxAge(Duration.ofMillis(8));
    List<CompletableFuture<List<Long>>> takers = new ArrayList<>();
    try (LongIdCache cache =
        new LongIdCache(count -> CompletableFuture.supplyAsync(() -> numbers(count)), settings)) {
      for (int i = 0; i < 4; i++) {
        boolean shared = i % 2 == 0;
        takers.add(
            CompletableFuture.supplyAsync(() -> take(cache, shared), IdCacheTest::inAThread));
      }
      List<Long> taken = takers.stream().flatMap(each -> each.join().stream()).toList();
      assertThat(taken).hasSize(400_000);
      assertThat(taken.stream().distinct().count()).isEqualTo(400_000);
    }
  }

  private static void inAThread(Runnable task) {
    new Thread(task).start();
  }

  private static List<Long> take(LongIdCache cache, boolean shared) {
    LongIdCache.Share share = cache.share(7);
    List<Long> taken = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      taken.add(shared ? share.nextLong() : cache.nextLong());
    }
    return taken;
  }

  @Test
  void dropsIdsThatHaveGrownOld() {
    CacheSettings settings = SETTINGS.withMaxAge(Duration.ofMillis(50));
    try (LongIdCache cache = new LongIdCache(this::atOnce, settings)) {
      assertThat(cache.nextLong()).isZero();
      await().until(() -> cache.metrics().inHand() == 0);
      assertThat(cache.metrics().expired()).isEqualTo(19);
      assertThat(cache.nextLong()).isEqualTo(20);
    }
  }

  @Test
  void whoWaitsIsToldWhyThereAreNoneAndTheNextOneTriesAgain() {
    boolean[] works = {false};
    BatchSource<long[]> source =
        count ->
            works[0]
                ? atOnce(count)
                : CompletableFuture.failedFuture(new IdClientException("UNKNOWN_RULE", 404, ""));
    try (LongIdCache cache = new LongIdCache(source, SETTINGS)) {
      assertThatThrownBy(cache::nextLong)
          .isInstanceOfSatisfying(
              IdClientException.class,
              reason -> {
                assertThat(reason.error()).isEqualTo("UNKNOWN_RULE");
                assertThat(reason.code()).isEqualTo(404);
              });
      works[0] = true;
      assertThat(cache.nextLong()).isZero();
    }
  }

  @Test
  void hasNoIdsOnceItIsClosed() {
    IdCache cache =
        new IdCache(count -> CompletableFuture.completedFuture(new String[] {"a", "b"}), SETTINGS);
    assertThat(cache.next()).isEqualTo("a");
    cache.close();

    assertThatThrownBy(cache::next)
        .isInstanceOfSatisfying(
            IdClientException.class,
            reason -> assertThat(reason.error()).isEqualTo(IdClientException.CLOSED));
  }

  @Test
  void settingsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> SETTINGS.withIds(0, 5)).hasMessageContaining("least=0");
    assertThatThrownBy(() -> SETTINGS.withIds(10, 5)).hasMessageContaining("most=5");
    assertThatThrownBy(() -> SETTINGS.withMaxAge(Duration.ofMillis(7)))
        .hasMessageContaining("maxAge");
    assertThatThrownBy(() -> ServerAddress.http("ftp://a")).hasMessageContaining("ftp://a");
    assertThatThrownBy(() -> ServerAddress.http("http://a/")).hasMessageContaining("slash");
    assertThatThrownBy(() -> ServerAddress.udp("a", 0)).hasMessageContaining("UDP port");
    assertThatThrownBy(ClientSettings::of).hasMessageContaining("at least one server");
  }
}
