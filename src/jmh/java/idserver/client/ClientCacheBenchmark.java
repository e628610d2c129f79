package idserver.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import me.ahoo.cosid.segment.IdSegment;
import me.ahoo.cosid.segment.IdSegmentDistributor;
import me.ahoo.cosid.segment.SegmentChainId;
import me.ahoo.cosid.segment.concurrent.PrefetchWorkerExecutorService;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One id out of a client's cache, with everything: fetching ahead, and the wait where nothing is in
 * hand. Beside it CosId's chain on its own mock. Both sources answer after the same time and are no
 * network; ours fills an array with each id of its batch, CosId's tells the end of a segment.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ClientCacheBenchmark {
  /** What CosId's mock has by default. */
  private static final int FETCHES_PER_SECOND = 220_000;

  /** A cache whose source is a thread. */
  @State(Scope.Benchmark)
  public static class Cached {
    /** Ids of one fetch; a server gives up to 10 000. */
    @Param({"100", "10000"})
    public int batch;

    private final ExecutorService source =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "source");
              thread.setDaemon(true);
              return thread;
            });
    private long last;
    private LongIdCache cache = cache(1);

    private LongIdCache cache(int batch) {
      CacheSettings settings =
          CacheSettings.DEFAULT.withIds(20, 100_000).withBatch(batch).withMaxAge(Duration.ZERO);
      return new LongIdCache(this::fetch, settings);
    }

    private CompletableFuture<long[]> fetch(int count) {
      return CompletableFuture.supplyAsync(() -> numbers(count), source);
    }

    private long[] numbers(int count) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / FETCHES_PER_SECOND);
      long[] ids = new long[count];
      for (int i = 0; i < count; i++) {
        ids[i] = ++last;
      }
      return ids;
    }

    @Setup
    public void begin() {
      cache = cache(batch);
    }

    @TearDown
    public void end() {
      cache.close();
      source.shutdown();
    }
  }

  /** A thread's share of the cache. Checks that ids rise: then none comes twice. */
  @State(Scope.Thread)
  public static class Owner {
    private LongIdCache.Share share = new LongIdCache(count -> never(), one()).share(1);
    private long previous;

    private static CompletableFuture<long[]> never() {
      return new CompletableFuture<>();
    }

    private static CacheSettings one() {
      return CacheSettings.DEFAULT.withMaxAge(Duration.ZERO);
    }

    @Setup
    public void begin(Cached cached) {
      share = cached.cache.share(1_000);
    }

    long checked(long id) {
      if (id <= previous) {
        throw new IllegalStateException(id + " after " + previous);
      }
      previous = id;
      return id;
    }
  }

  /** CosId's chain on its own mock. */
  @State(Scope.Benchmark)
  public static class Chain {
    /** Numbers of one segment. */
    @Param({"100", "10000"})
    public int batch;

    private SegmentChainId ids = chain(1);

    private static SegmentChainId chain(int batch) {
      return new SegmentChainId(
          IdSegment.TIME_TO_LIVE_FOREVER,
          SegmentChainId.DEFAULT_SAFE_DISTANCE,
          new IdSegmentDistributor.Mock(batch, FETCHES_PER_SECOND),
          new PrefetchWorkerExecutorService(Duration.ofSeconds(1), 1));
    }

    @Setup
    public void begin() {
      ids = chain(batch);
    }
  }

  @Benchmark
  public long cache(Cached cached) {
    return cached.cache.nextLong();
  }

  /** With one thread only: the ids of several need not rise. */
  @Benchmark
  public long cacheChecked(Cached cached, Owner owner) {
    return owner.checked(cached.cache.nextLong());
  }

  @Benchmark
  public long cacheShare(Owner owner) {
    return owner.share.nextLong();
  }

  @Benchmark
  public long cosIdSegmentChain(Chain chain) {
    return chain.ids.generate();
  }
}
