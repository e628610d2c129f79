package idserver.timeid;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

/**
 * Ids per second of CPU time, which other load on the machine disturbs little: 64 kinds, below the
 * rate cap, one generator a run. Arguments: a {@link Generator}, and the number of threads.
 */
public final class TimeIdsPerCpuSecond {
  private static final int IDS = 5_000_000;
  private static final int ROUNDS = 7;

  private TimeIdsPerCpuSecond() {}

  public static void main(String[] args) throws Exception {
    Generator generator = Generator.valueOf(args[0]);
    int threads = Integer.parseInt(args[1]);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    double[] millions = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      millions[round] = IDS * (double) threads / run(pool, generator, threads) * 1e3;
    }
    pool.shutdown();
    // the first two compile
    double[] warm = Arrays.stream(millions).skip(2).sorted().toArray();
    System.out.printf(
        "%-17s %d thread(s): %6.1f million ids per CPU-second (%.1f to %.1f)%n",
        generator, threads, warm[warm.length / 2], warm[0], warm[warm.length - 1]);
  }

  private static long run(ExecutorService pool, Generator generator, int threads) throws Exception {
    LongSupplier[] shared = TimeIdsBenchmark.kinds(generator);
    List<Callable<Long>> work = new ArrayList<>();
    for (int thread = 0; thread < threads; thread++) {
      LongSupplier[] kinds = generator.isShared() ? shared : TimeIdsBenchmark.kinds(generator);
      int from = thread * (TimeIdsBenchmark.KINDS / 2 - 1);
      work.add(() -> draw(kinds, from));
    }
    long before = tickerNanos();
    long cpuNanos = 0;
    for (Future<Long> done : pool.invokeAll(work)) {
      cpuNanos += done.get();
    }
    return cpuNanos + tickerNanos() - before;
  }

  /** What the ticking of a clock has cost so far: it belongs to the price of the ids. */
  private static long tickerNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (ThreadInfo thread : threads.dumpAllThreads(false, false)) {
      if (thread.getThreadName().equals(Generator.TICKER)) {
        return threads.getThreadCpuTime(thread.getThreadId());
      }
    }
    return 0;
  }

  private static long draw(LongSupplier[] kinds, int from) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long beginNanos = threads.getCurrentThreadCpuTime();
    long sum = 0;
    for (int i = 0; i < IDS; i++) {
      sum += kinds[from + i & TimeIdsBenchmark.KINDS - 1].getAsLong();
    }
    long nanos = threads.getCurrentThreadCpuTime() - beginNanos;
    if (sum == 0) {
      throw new IllegalStateException("no ids");
    }
    return nanos;
  }
}
