package idserver.timeid;

import static java.util.Objects.requireNonNull;

import idserver.timeid.TimeIdSettings.WhenFull;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The document's own run: 100 kinds, 16 threads, 100 000 ids for each thread, of a kind chosen at
 * random each time. There 27 to 29 ms a thread on 8 cores. All 16 begin at once; with fewer cores a
 * thread's time has the others' in it.
 */
public final class DocumentRun {
  private static final int KINDS = 100;
  private static final int THREADS = 16;
  private static final int IDS = 100_000;

  private final TimeIdKinds<Integer> kinds =
      new TimeIdKinds<>(TimeIdClock.startingAfter(0), TimePromise.inMemory(), KINDS);

  private DocumentRun() {}

  public static void main(String[] args) throws Exception {
    for (TimeIdLayout layout : new TimeIdLayout[] {TimeIdLayout.SPILL, TimeIdLayout.CLASSIC}) {
      for (int round = 1; round <= 12; round++) {
        new DocumentRun()
            .run(layout + " " + round, TimeIdSettings.of(layout).withWhenFull(WhenFull.WAIT));
      }
    }
  }

  private void run(String name, TimeIdSettings settings) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    CyclicBarrier start = new CyclicBarrier(THREADS);
    long[] nanos = new long[THREADS];
    Future<?>[] running = new Future<?>[THREADS];
    for (int thread = 0; thread < THREADS; thread++) {
      int own = thread;
      running[thread] =
          pool.submit(
              () -> {
                start.await();
                nanos[own] = draw(settings, own);
                return null;
              });
    }
    pool.shutdown();
    for (Future<?> future : running) {
      future.get();
    }
    Arrays.sort(nanos);
    System.out.printf(
        "%-10s ms a thread: least %.1f, median %.1f, most %.1f%n",
        name, nanos[0] / 1e6, nanos[THREADS / 2] / 1e6, nanos[THREADS - 1] / 1e6);
  }

  private long draw(TimeIdSettings settings, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long beginNanos = System.nanoTime();
    for (int i = 0; i < IDS; i++) {
      requireNonNull(kinds.get(random.nextInt(KINDS), settings)).next();
    }
    return System.nanoTime() - beginNanos;
  }
}
