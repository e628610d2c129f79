package idserver.issue;

import java.util.EnumMap;
import java.util.Map;

/**
 * What a transport has answered, counted. Immutable.
 *
 * @param served requests answered with ids
 * @param ids ids in these answers
 * @param monitored questions for a counter that were answered
 * @param settled confirms and cancels of gap-free numbers that were answered
 * @param refused refusals, by their kind; every kind is there
 * @param latencies how long the requests took that were served
 */
public record Answered(
    long served,
    long ids,
    long monitored,
    long settled,
    Map<RefusalKind, Long> refused,
    Latencies latencies) {

  /** Nothing yet. */
  public static final Answered NOTHING = new Tally().figures();

  public Answered {
    refused = Map.copyOf(refused);
  }

  /** How many requests were refused, whatever for. */
  public long allRefused() {
    return refused.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Both together. */
  public Answered plus(Answered other) {
    Map<RefusalKind, Long> sum = new EnumMap<>(refused);
    other.refused.forEach((kind, count) -> sum.merge(kind, count, Long::sum));
    return new Answered(
        served + other.served,
        ids + other.ids,
        monitored + other.monitored,
        settled + other.settled,
        sum,
        latencies.plus(other.latencies));
  }

  /** What has come since an earlier one of the same transport. */
  public Answered since(Answered earlier) {
    Map<RefusalKind, Long> difference = new EnumMap<>(refused);
    earlier.refused.forEach((kind, count) -> difference.merge(kind, -count, Long::sum));
    return new Answered(
        served - earlier.served,
        ids - earlier.ids,
        monitored - earlier.monitored,
        settled - earlier.settled,
        difference,
        latencies.since(earlier.latencies));
  }
}
