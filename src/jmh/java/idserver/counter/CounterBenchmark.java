package idserver.counter;

import static java.util.Objects.requireNonNull;

import idserver.reserve.BlockStore;
import idserver.reserve.CounterState;
import idserver.reserve.InMemoryBlockStore;
import idserver.reserve.Reservations;
import idserver.reserve.StoreException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
 * One number of one counter, everything in the price: the draw, the asking ahead, the reservation
 * and the wait when there is no block. Beside it the two chains of CosId, which reserve ahead as
 * well, and a bare {@link AtomicLong} that reserves nothing.
 *
 * <p>Everybody's store answers after the same time, begins with the same block and may reserve
 * ahead as much as it likes: a {@link Counter} by larger blocks, CosId by more segments.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class CounterBenchmark {
  /** What CosId's mock has by default: a database that makes so many reservations a second. */
  private static final int RESERVATIONS_PER_SECOND = 220_000;

  /** A counter on a store in memory, with a writer's thread. */
  @State(Scope.Benchmark)
  public static class Counting {
    /** The smallest block: {@code batch_save}. */
    @Param({"100", "4194304"})
    public int block;

    private final ExecutorService writer =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "writer");
              thread.setDaemon(true);
              return thread;
            });
    private Numbering numbering = numbering(1);
    private Counter counter = counter();

    private static Numbering numbering(int block) {
      return new Numbering(new NumberRange(0, Long.MAX_VALUE, 1, 0), Period.NEVER, block);
    }

    private Counter counter() {
      SteadyClock clock = new SteadyClock(System::currentTimeMillis, ZoneOffset.UTC);
      Reservations reservations =
          new Reservations(
              new RemoteStore(), clock, 1, 1000, wanted -> writer.execute(wanted::drain));
      Counters counters = new Counters(clock, reservations, 1000, 1000);
      return requireNonNull(counters.get(new CounterKey("rule", "app")));
    }

    @Setup
    public void begin() {
      numbering = numbering(block);
      counter = counter();
    }

    @TearDown
    public void end() {
      writer.shutdown();
    }
  }

  /** A store that answers after some time. Thread-safe. */
  private static final class RemoteStore implements BlockStore {
    private final BlockStore rows = new InMemoryBlockStore(new InMemoryBlockStore.Storage(), 0);

    @Override
    public List<Grant> reserve(List<Wish> wishes) throws StoreException {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1) / RESERVATIONS_PER_SECOND);
      return rows.reserve(wishes);
    }

    @Override
    public Map<CounterKey, CounterState> find(Collection<CounterKey> keys) throws StoreException {
      return rows.find(keys);
    }

    @Override
    public int giveBack(List<Leftover> leftovers) throws StoreException {
      return rows.giveBack(leftovers);
    }
  }

  /** A thread that waits where the counter has no block. */
  @State(Scope.Thread)
  public static class Client implements Waiting {
    private final Semaphore told = new Semaphore(0);

    long draw(Counting counting) {
      Counter counter = counting.counter;
      while (true) {
        long number = counter.draw(counting.numbering, 0);
        if (number >= 0) {
          return number;
        }
        if (counter.park(this, counting.numbering, 0) == Counter.Parking.PARKED) {
          told.acquireUninterruptibly();
        }
      }
    }

    @Override
    public long deadlineNanos() {
      return System.nanoTime() + TimeUnit.HOURS.toNanos(1);
    }

    @Override
    public int demand() {
      return 1;
    }

    @Override
    public void resume() {
      told.release();
    }

    @Override
    public void giveUp() {
      throw new IllegalStateException("the store does not fail here");
    }

    @Override
    public void closed() {
      throw new IllegalStateException("the counter is not closed here");
    }
  }

  /** CosId's chain on its own mock. */
  @State(Scope.Benchmark)
  public static class Chain {
    /** Numbers of one segment. */
    @Param({"100", "4194304"})
    public int block;

    private SegmentChainId ids = chain(1);

    private static SegmentChainId chain(int block) {
      return new SegmentChainId(
          IdSegment.TIME_TO_LIVE_FOREVER,
          SegmentChainId.DEFAULT_SAFE_DISTANCE,
          new IdSegmentDistributor.Mock(block, RESERVATIONS_PER_SECOND),
          new PrefetchWorkerExecutorService(Duration.ofSeconds(1), 1));
    }

    @Setup
    public void begin() {
      ids = chain(block);
    }
  }

  /** What a number costs that nobody has reserved. */
  @State(Scope.Benchmark)
  public static class Bare {
    private final AtomicLong last = new AtomicLong();
  }

  @Benchmark
  public long counter(Counting counting, Client client) {
    return client.draw(counting);
  }

  @Benchmark
  public long cosIdSegmentChain(Chain chain) {
    return chain.ids.generate();
  }

  @Benchmark
  public long atomicLong(Bare bare) {
    return bare.last.incrementAndGet();
  }
}
