package idserver.admin;

import idserver.issue.Answered;
import jakarta.json.bind.annotation.JsonbProperty;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What the server did in the last second or so, and how it is. Immutable.
 *
 * @param at when, in ISO 8601
 * @param idsPerSecond ids issued, over both transports
 * @param requestsPerSecond requests served
 * @param refusedPerSecond requests refused, whatever for
 * @param latencyP50Us half of the requests served took at most so many microseconds: the upper
 *     bound of a bucket; 0 when none was
 * @param latencyP99Us 99 % did
 * @param blocksPerSecond blocks reserved
 * @param waiting requests parked for a block
 * @param queued blocks wanted that no writer has taken up yet
 * @param counters namespaces in use since the start
 * @param ready whether ids can be issued
 * @param databaseDown whether the database failed when it was last asked
 * @param nodeOffset {@code id_offset} of this server
 * @param idStep {@code id_step} of this server
 * @param ruleBookVersion which rules are served
 */
public record LiveFigures(
    String at,
    long idsPerSecond,
    long requestsPerSecond,
    long refusedPerSecond,
    @JsonbProperty("latency_p50_us") long latencyP50Us,
    @JsonbProperty("latency_p99_us") long latencyP99Us,
    long blocksPerSecond,
    int waiting,
    int queued,
    int counters,
    boolean ready,
    boolean databaseDown,
    int nodeOffset,
    int idStep,
    long ruleBookVersion) {

  private static final double NANOS_PER_S = 1e9;

  /** What was done between two looks. */
  static LiveFigures between(Figures earlier, Figures now) {
    Answered done = now.all().since(earlier.all());
    double seconds = Math.max(1, now.atNanos() - earlier.atNanos()) / NANOS_PER_S;
    ServerStatus status = now.status();
    return new LiveFigures(
        Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(),
        Math.round(done.ids() / seconds),
        Math.round(done.served() / seconds),
        Math.round(done.allRefused() / seconds),
        done.latencies().quantileNanos(0.5) / 1000,
        done.latencies().quantileNanos(0.99) / 1000,
        Math.round((status.blocks() - earlier.status().blocks()) / seconds),
        status.waiting(),
        status.queued(),
        status.counters(),
        status.ready(),
        status.databaseDown(),
        status.nodeOffset(),
        status.idStep(),
        status.ruleBookVersion());
  }
}
