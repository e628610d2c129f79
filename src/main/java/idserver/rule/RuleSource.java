package idserver.rule;

import idserver.timeid.TimeIdSettings;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A rule in Lua as the configuration has it. Immutable.
 *
 * @param name what clients call it
 * @param luaFile its file in the rules directory
 * @param batchSave the smallest block of counters reserved at once, 1 or more
 * @param shared whether all servers take its numbers from one row ({@code allocation} is {@code
 *     shared}, {@code strict} or {@code gap_free}), instead of each from its own by step and offset
 * @param timeIds how the time ids are made that its script may ask for; empty when it may not
 * @param warnShare the share of the range, above 0 and below 1, from which a counter is near its
 *     end
 * @param confirmSeconds how long a number is held for who has to confirm it ({@code allocation} is
 *     {@code gap_free}), 1 or more; empty where numbers are not confirmed
 * @param strict whether each request takes its numbers from that row itself ({@code allocation} is
 *     {@code strict}), so that they are in one order over all servers
 */
public record RuleSource(
    String name,
    String luaFile,
    int batchSave,
    boolean shared,
    Optional<TimeIdSettings> timeIds,
    double warnShare,
    OptionalInt confirmSeconds,
    boolean strict) {
  /** The {@code warn_share} of a rule that says none. */
  public static final double USUAL_WARN_SHARE = 0.9;

  /** A rule whose numbers are not strict. */
  public RuleSource(
      String name,
      String luaFile,
      int batchSave,
      boolean shared,
      Optional<TimeIdSettings> timeIds,
      double warnShare,
      OptionalInt confirmSeconds) {
    this(name, luaFile, batchSave, shared, timeIds, warnShare, confirmSeconds, false);
  }

  /** A rule whose numbers are not confirmed. */
  public RuleSource(
      String name,
      String luaFile,
      int batchSave,
      boolean shared,
      Optional<TimeIdSettings> timeIds,
      double warnShare) {
    this(name, luaFile, batchSave, shared, timeIds, warnShare, OptionalInt.empty());
  }

  /** A rule that warns where most do. */
  public RuleSource(
      String name,
      String luaFile,
      int batchSave,
      boolean shared,
      Optional<TimeIdSettings> timeIds) {
    this(name, luaFile, batchSave, shared, timeIds, USUAL_WARN_SHARE);
  }

  /** A rule whose numbers are each server's own. */
  public RuleSource(String name, String luaFile, int batchSave, Optional<TimeIdSettings> timeIds) {
    this(name, luaFile, batchSave, false, timeIds);
  }

  /** A rule that asks for no time ids, and whose numbers are each server's own. */
  public RuleSource(String name, String luaFile, int batchSave) {
    this(name, luaFile, batchSave, false, Optional.empty());
  }
}
