package idserver.rule;

import idserver.counter.Numbering;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;

/**
 * What a rule made of chosen moments and numbers. Immutable.
 *
 * @param numbering how its counters would run; empty where it cannot be loaded
 * @param cases an id, or why there is none, for each
 * @param lint requests that it would answer with the same id
 * @param fault why it cannot be loaded
 */
public record Experiment(
    Optional<Numbering> numbering, List<Case> cases, List<Collision> lint, Optional<String> fault) {

  /** Why a moment and a number are of interest. */
  public enum Why {
    /** They were asked for. */
    CHOSEN,
    MIDNIGHT_BEFORE,
    MIDNIGHT,
    MONTH_END,
    MONTH_BEGIN,
    YEAR_END,
    YEAR_BEGIN,
    /** The last second of the fiscal year, of rules whose counters go by it. */
    FISCAL_YEAR_END,
    FISCAL_YEAR_BEGIN,
    /** The largest number of this server. */
    MAXIMUM,
    /** The first number of one of the equal servers. */
    SERVER
  }

  /**
   * One id.
   *
   * @param why what it shows
   * @param at its moment, on the local clock
   * @param number the number that its counter would give
   * @param nodeOffset the server that has that number
   * @param id the id, or empty when there is none
   * @param fault why there is none
   */
  public record Case(
      Why why,
      LocalDateTime at,
      long number,
      long nodeOffset,
      Optional<String> id,
      Optional<String> fault) {}

  public Experiment {
    cases = List.copyOf(cases);
    lint = List.copyOf(lint);
  }
}
