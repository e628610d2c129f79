package idserver.admin;

import idserver.gapfree.HoldFigures;
import idserver.reserve.ReservationFigures;
import java.util.List;

/**
 * All that is measured, for metrics. Immutable.
 *
 * @param figures what was answered, and how the server is
 * @param reservations what was reserved
 * @param holds what became of the numbers of gap-free rules
 * @param usage how far the counters of each rule are
 * @param clockCorrections how many steps of the machine's clock were not followed
 * @param reloads how many reloads and ways back changed the rules
 * @param refusedReloads how many changed nothing, for faults
 */
public record Measures(
    Figures figures,
    ReservationFigures reservations,
    HoldFigures holds,
    List<RuleUsage> usage,
    long clockCorrections,
    long reloads,
    long refusedReloads) {

  public Measures {
    usage = List.copyOf(usage);
  }
}
