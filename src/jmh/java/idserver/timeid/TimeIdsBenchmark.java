package idserver.timeid;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * One id, below the rate cap: every generator but the counter stops at 4096 ids a millisecond, so
 * each call takes the next of 64 kinds, and none of them comes near it. Threads go through the same
 * 64 kinds from different ends; what cannot be shared each thread has of its own.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class TimeIdsBenchmark {
  static final int KINDS = 64;

  @Param public Generator generator = Generator.SHARED_CLASSIC;

  private LongSupplier[] shared = {};

  @Setup
  public void makeKinds() {
    shared = kinds(generator);
  }

  static LongSupplier[] kinds(Generator generator) {
    LongSupplier[] kinds = new LongSupplier[KINDS];
    for (int i = 0; i < KINDS; i++) {
      kinds[i] = generator.make();
    }
    return kinds;
  }

  /** A thread's place in the kinds. */
  @State(Scope.Thread)
  public static class Place {
    private LongSupplier[] kinds = {};
    private int next;

    @Setup
    public void take(TimeIdsBenchmark benchmark) {
      kinds = benchmark.generator.isShared() ? benchmark.shared : kinds(benchmark.generator);
      next = (int) Thread.currentThread().getId() * (KINDS / 2 - 1);
    }

    LongSupplier kind() {
      return kinds[next++ & (KINDS - 1)];
    }
  }

  @Benchmark
  public long next(Place place) {
    return place.kind().getAsLong();
  }
}
