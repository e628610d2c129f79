package idserver.issue;

import java.util.List;
import java.util.function.LongBinaryOperator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * How long requests took: a histogram. Immutable.
 *
 * @param buckets how many took at most the bound of the same place and more than the one before;
 *     the last: more than every bound
 * @param sumNanos all of them together
 */
public record Latencies(List<Long> buckets, long sumNanos) {
  /** Upper bounds of the buckets, rising: 10 us to 2.5 s. */
  public static final List<Long> BOUNDS_NANOS =
      LongStream.of(
              10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000,
              250_000, 500_000, 1_000_000, 2_500_000)
          .mapToObj(micros -> micros * 1_000)
          .toList();

  private static final long[] BOUNDS = BOUNDS_NANOS.stream().mapToLong(Long::longValue).toArray();

  public Latencies {
    buckets = List.copyOf(buckets);
    if (buckets.size() != BOUNDS.length + 1) {
      throw new IllegalArgumentException(
          "a bucket for each bound and one above: " + buckets.size());
    }
  }

  /** The place of the bucket in which that is. */
  static int bucketOf(long nanos) {
    // most are in the first few
    int place = 0;
    while (place < BOUNDS.length && nanos > BOUNDS[place]) {
      place++;
    }
    return place;
  }

  /** How many there are. */
  public long count() {
    return buckets.stream().mapToLong(Long::longValue).sum();
  }

  /**
   * The bound below which that share of them is: the upper one of its bucket, and twice the last
   * bound where it is above that; 0 when there is none.
   *
   * @param share above 0, at most 1
   */
  public long quantileNanos(double share) {
    long wanted = (long) Math.ceil(count() * share);
    long seen = 0;
    for (int place = 0; place < BOUNDS.length && wanted > 0; place++) {
      seen += buckets.get(place);
      if (seen >= wanted) {
        return BOUNDS[place];
      }
    }
    return wanted == 0 ? 0 : 2 * BOUNDS[BOUNDS.length - 1];
  }

  Latencies plus(Latencies other) {
    return with(other, Long::sum);
  }

  Latencies since(Latencies earlier) {
    return with(earlier, (now, then) -> now - then);
  }

  private Latencies with(Latencies other, LongBinaryOperator operator) {
    List<Long> all =
        IntStream.range(0, buckets.size())
            .mapToObj(i -> operator.applyAsLong(buckets.get(i), other.buckets.get(i)))
            .toList();
    return new Latencies(all, operator.applyAsLong(sumNanos, other.sumNanos));
  }
}
