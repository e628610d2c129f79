package idserver.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Times of answers, kept one by one. Thread-safe. */
final class Latencies {
  private final List<Long> nanos = new ArrayList<>();

  synchronized void add(long elapsedNanos) {
    nanos.add(elapsedNanos);
  }

  synchronized int count() {
    return nanos.size();
  }

  Duration median() {
    return percentile(0.5);
  }

  Duration max() {
    return percentile(1);
  }

  Duration min() {
    return percentile(0);
  }

  /** The smallest time that this share of the answers did not exceed; zero when there is none. */
  synchronized Duration percentile(double share) {
    if (nanos.isEmpty()) {
      return Duration.ZERO;
    }
    List<Long> sorted = nanos.stream().sorted().toList();
    int rank = (int) Math.ceil(share * sorted.size());
    return Duration.ofNanos(sorted.get(Math.max(rank, 1) - 1));
  }

  synchronized Duration mean() {
    double mean = nanos.stream().mapToLong(Long::longValue).average().orElse(0);
    return Duration.ofNanos((long) mean);
  }

  @Override
  public String toString() {
    return "%d in %.3f to %.3f ms, median %.3f, 99 %% below %.3f"
        .formatted(count(), ms(min()), ms(max()), ms(median()), ms(percentile(0.99)));
  }

  private static double ms(Duration time) {
    return time.toNanos() / 1e6;
  }
}
