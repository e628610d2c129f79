package idserver.admin;

import idserver.reserve.ReservationFigures;
import java.util.List;

/**
 * All that is measured, for metrics. Immutable.
 *
 * @param figures what was answered, and how the server is
 * @param reservations what was reserved
 * @param usage how far the counters of each rule are
 * @param clockCorrections how many steps of the machine's clock were not followed
 * @param reloads how many reloads and ways back changed the rules
 * @param refusedReloads how many changed nothing, for faults
 */
public record Measures(
    Figures figures,
    ReservationFigures reservations,
    List<RuleUsage> usage,
    long clockCorrections,
    long reloads,
    long refusedReloads) {

  public Measures {
    usage = List.copyOf(usage);
  }
}
