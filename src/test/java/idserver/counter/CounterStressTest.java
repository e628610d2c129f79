package idserver.counter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.Counter.Parking;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CounterStressTest {
  private static final int THREADS = 4;
  private static final int DRAWS = 250_000;
  private static final Numbering NUMBERING =
      new Numbering(new NumberRange(0, 1_000_000_000, 1, 0), Period.NEVER, 1);

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
  private final Wanted wanted = new Wanted();
  private final SteadyClock clock = new SteadyClock(() -> 0, ZoneOffset.UTC);
  private final Counters counters = new Counters(clock, wanted, 1, THREADS);
  private final Counter counter = requireNonNull(counters.get(new CounterKey("rule", "app")));
  private final StoredRow row = new StoredRow();

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  /** Whom the granting thread has to serve. */
  private static final class Wanted implements BlockDemand {
    private final BlockingQueue<Counter> queue = new LinkedBlockingQueue<>();

    @Override
    public boolean want(Counter counter) {
      return queue.add(counter);
    }

    @Override
    public boolean isDown() {
      return false;
    }
  }

  /** The thread that waits. */
  private record Parked(Semaphore told) implements Waiting {
    @Override
    public long deadlineNanos() {
      return Long.MAX_VALUE;
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
      throw new AssertionError("nothing fails here");
    }

    @Override
    public void closed() {
      throw new AssertionError("nobody waits at the close");
    }
  }

  @Test
  void noNumberComesTwiceAndNoneIsLost() throws Exception {
    Future<Boolean> granting = threads.submit(this::grant);
    List<Future<long[]>> drawing = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      drawing.add(threads.submit(this::draw));
    }

    BitSet drawn = new BitSet();
    for (Future<long[]> thread : drawing) {
      for (long number : thread.get(60, TimeUnit.SECONDS)) {
        assertThat(drawn.get((int) number)).isFalse();
        drawn.set((int) number);
      }
    }
    granting.cancel(true);

    long left =
        counters.close().stream().mapToLong(left1 -> left1.reserved() - left1.issued()).sum();
    long reserved = requireNonNull(row.state()).reserved() + 1;
    assertThat(drawn.cardinality()).isEqualTo(THREADS * DRAWS);
    assertThat(drawn.cardinality() + left).isEqualTo(reserved);
  }

  private boolean grant() throws InterruptedException {
    SplittableRandom random = new SplittableRandom(7);
    while (true) {
      Counter asking = wanted.queue.take();
      Wish wish = asking.wish(clock.now()).orElseThrow();
      asking.granted(wish, row.reserve(wish, random.nextLong(1, 400)));
    }
  }

  private long[] draw() throws InterruptedException, TimeoutException {
    long[] numbers = new long[DRAWS];
    Parked parked = new Parked(new Semaphore(0));
    for (int i = 0; i < DRAWS; ) {
      long number = counter.draw(NUMBERING, 0);
      if (number >= 0) {
        numbers[i++] = number;
      } else if (counter.park(parked, NUMBERING, 0) == Parking.PARKED
          && !parked.told.tryAcquire(30, TimeUnit.SECONDS)) {
        throw new TimeoutException("nobody came");
      }
    }
    return numbers;
  }
}
