package idserver.metrics;

import idserver.admin.Measures;
import idserver.admin.RuleUsage;
import idserver.admin.ServerStatus;
import idserver.gapfree.HoldFigures;
import idserver.issue.Answered;
import idserver.reserve.ReservationFigures;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Which metrics there are. Stateless. Names of namespaces are in none of them: there may be a
 * million. Rules are few.
 */
final class Metrics {
  private static final double NANOS = 1e9;

  private Metrics() {}

  /**
   * All of them, in the text format of Prometheus.
   *
   * @param version of the product
   */
  static String of(Measures measures, String version) {
    PrometheusText text = new PrometheusText();
    ServerStatus status = measures.figures().status();
    state(text, measures, version);
    requests(text, Map.of("udp", measures.figures().udp(), "http", measures.figures().http()));
    waiting(text, status);
    reservations(text, measures);
    holds(text, measures.holds());
    counters(text, measures);
    datagrams(text, status);
    JvmMetrics.write(text);
    return text.toString();
  }

  private static void state(PrometheusText text, Measures measures, String version) {
    ServerStatus status = measures.figures().status();
    text.gauge("id_server_info", "What this server is; always 1.")
        .is(
            new TreeMap<>(
                Map.of(
                    "version", version,
                    "node_offset", Integer.toString(status.nodeOffset()),
                    "id_step", Integer.toString(status.idStep()))),
            1);
    text.gauge("id_server_ready", "Whether ids can be issued: 1 or 0.").is(status.ready());
    text.gauge("id_server_database_up", "Whether the database answered when it was last asked.")
        .is(!status.databaseDown());
    text.gauge("id_server_node_lost", "Whether another server has taken this id_offset over.")
        .is(status.nodeLost());
    text.gauge(
            "id_server_clock_ahead_seconds",
            "How far the machine's clock is ahead of the time that is believed.")
        .is(status.clockAheadSeconds());
    text.counter(
            "id_server_clock_corrections_total",
            "Steps of the machine's clock that were not followed: back, or far ahead.")
        .is(measures.clockCorrections());
    text.gauge("id_server_rule_book_version", "1 after the start, one more with every reload.")
        .is(status.ruleBookVersion());
    text.counter(
        "id_server_reloads_total", "Reloads and ways back, by whether they changed the rules.");
    text.is(new TreeMap<>(Map.of("result", "done")), measures.reloads());
    text.is(new TreeMap<>(Map.of("result", "refused")), measures.refusedReloads());
  }

  private static void requests(PrometheusText text, Map<String, Answered> transports) {
    Map<String, Answered> sorted = new TreeMap<>(transports);
    text.counter("id_server_ids_issued_total", "Ids in answers.");
    each(text, sorted, Answered::ids);
    text.counter("id_server_requests_served_total", "Requests answered with ids.");
    each(text, sorted, Answered::served);
    text.counter("id_server_monitor_requests_total", "Questions for a counter that were answered.");
    each(text, sorted, Answered::monitored);
    text.counter(
        "id_server_settle_requests_total", "Confirms and cancels of gap-free numbers answered.");
    each(text, sorted, Answered::settled);
    text.counter("id_server_requests_refused_total", "Requests refused, by the error's name.");
    sorted.forEach(
        (transport, answered) ->
            new TreeMap<>(answered.refused())
                .forEach(
                    (kind, count) ->
                        text.is(
                            new TreeMap<>(Map.of("transport", transport, "reason", kind.name())),
                            count)));
    text.histogram(
        "id_server_request_duration_seconds", "From the arrival of a request to its ids.");
    sorted.forEach((transport, answered) -> text.are("transport", transport, answered.latencies()));
  }

  private static void each(
      PrometheusText text, Map<String, Answered> transports, ToLongFunction<Answered> figure) {
    transports.forEach(
        (transport, answered) ->
            text.is(Map.of("transport", transport), figure.applyAsLong(answered)));
  }

  private static void waiting(PrometheusText text, ServerStatus status) {
    text.counter("id_server_requests_parked_total", "Requests that had to wait for a block.")
        .is(status.parked());
    text.gauge("id_server_requests_waiting", "Requests that wait for a block now.")
        .is(status.waiting());
    text.counter(
            "id_server_repetitions_answered_total",
            "Requests answered with the ids of an earlier one of the same request_id.")
        .is(status.repetitionsAnswered());
    text.gauge("id_server_request_ids", "Requests remembered for their repetitions.")
        .is(status.requestIdsHeld());
    text.gauge("id_server_blocks_queued", "Blocks wanted that no writer has taken up yet.")
        .is(status.queued());
  }

  private static void reservations(PrometheusText text, Measures measures) {
    ReservationFigures reservations = measures.reservations();
    text.counter("id_server_blocks_reserved_total", "Blocks of numbers reserved.")
        .is(reservations.blocks());
    text.summary(
            "id_server_reservation_duration_seconds",
            "Transactions that reserved blocks, until they were durable.")
        .are(Map.of(), reservations.committed(), reservations.nanos() / NANOS);
    text.counter(
            "id_server_reservation_conflicts_total",
            "Reservations that met somebody else on the same row, and were tried again.")
        .is(reservations.conflicts());
    text.counter(
            "id_server_database_errors_total",
            "Times that the database or the high-water file failed.")
        .is(reservations.errors());
    text.gauge(
            "id_server_older_counters",
            "Counters of which the database knew less than was reserved.")
        .is(measures.figures().status().olderCounters());
  }

  private static void holds(PrometheusText text, HoldFigures holds) {
    text.counter(
        "id_server_gap_free_numbers_total", "Numbers of gap-free rules, by what became of them.");
    text.is(Map.of("state", "cancelled"), holds.cancelled());
    text.is(Map.of("state", "confirmed"), holds.confirmed());
    text.is(Map.of("state", "held"), holds.held());
    text.is(Map.of("state", "lapsed"), holds.lapsed());
    text.counter(
            "id_server_gap_free_repetitions_total",
            "Requests answered with the gap-free number that they had already.")
        .is(holds.repeated());
    text.counter(
            "id_server_gap_free_older_total",
            "Times that the database knew less of a gap-free counter than was given.")
        .is(holds.older());
    text.gauge(
            "id_server_gap_free_waiting",
            "Requests for gap-free numbers that wait for the database.")
        .is(holds.waiting());
  }

  private static void counters(PrometheusText text, Measures measures) {
    text.gauge("id_server_counters", "Namespaces in use since the start.")
        .is(measures.figures().status().counters());
    text.gauge(
        "id_server_counters_used",
        "Counters that have used at least that share of their range in the present period.");
    for (RuleUsage rule : measures.usage()) {
      for (int i = 0; i < RuleUsage.SHARES.size(); i++) {
        text.is(
            new TreeMap<>(
                Map.of("rule", rule.rule(), "at_least", RuleUsage.SHARES.get(i).toString())),
            rule.counters().get(i));
      }
    }
    text.gauge(
        "id_server_counters_near_end",
        "Counters that have used at least the warn_share of their rule in the present period.");
    for (RuleUsage rule : measures.usage()) {
      text.is(Map.of("rule", rule.rule()), rule.nearEnd());
    }
  }

  private static void datagrams(PrometheusText text, ServerStatus status) {
    text.counter("id_server_datagrams_received_total", "Datagrams received.").is(status.received());
    text.counter("id_server_datagrams_dropped_total", "Datagrams left without an answer.")
        .is(status.dropped());
    if (status.lost() >= 0) {
      text.counter(
              "id_server_datagrams_lost_total",
              "Datagrams that the kernel threw away, as the receive buffer was full.")
          .is(status.lost());
    }
    text.counter(
            "id_server_errors_suppressed_total",
            "Errors of bad requests over UDP that were not sent, as there were too many.")
        .is(status.errorsSuppressed());
  }
}
