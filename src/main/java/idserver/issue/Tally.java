package idserver.issue;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * What one transport has answered since the start: how often, what, and how quickly. Thread-safe;
 * counting takes no lock.
 */
public final class Tally {
  private final LongAdder ids = new LongAdder();
  private final LongAdder monitored = new LongAdder();
  private final LongAdder settled = new LongAdder();
  private final Map<RefusalKind, LongAdder> refused = new EnumMap<>(RefusalKind.class);
  private final LongAdder[] latencies = adders(Latencies.BOUNDS_NANOS.size() + 1);
  private final LongAdder latencyNanos = new LongAdder();

  public Tally() {
    for (RefusalKind kind : RefusalKind.values()) {
      refused.put(kind, new LongAdder());
    }
  }

  private static LongAdder[] adders(int count) {
    return Stream.generate(LongAdder::new).limit(count).toArray(LongAdder[]::new);
  }

  /**
   * Counts requests that were answered with ids, together.
   *
   * @param requests how many requests
   * @param count how many ids in all
   * @param nanos from their arrival to their answers, for each of them
   */
  public void issued(int requests, int count, long nanos) {
    ids.add(count);
    latencies[Latencies.bucketOf(nanos)].add(requests);
    latencyNanos.add(requests * nanos);
  }

  /** Counts a question for a counter that was answered. */
  public void counted() {
    monitored.increment();
  }

  /** Counts a confirm or a cancel that was answered. */
  public void settled() {
    settled.increment();
  }

  /** Counts a request that was refused. */
  public void refused(RefusalKind kind) {
    LongAdder adder = refused.get(kind);
    if (adder != null) {
      adder.increment();
    }
  }

  /** All of it, at about one moment. */
  public Answered figures() {
    Map<RefusalKind, Long> refusals = new EnumMap<>(RefusalKind.class);
    refused.forEach((kind, count) -> refusals.put(kind, count.sum()));
    List<Long> buckets = Arrays.stream(latencies).map(LongAdder::sum).toList();
    Latencies all = new Latencies(buckets, latencyNanos.sum());
    return new Answered(all.count(), ids.sum(), monitored.sum(), settled.sum(), refusals, all);
  }
}
