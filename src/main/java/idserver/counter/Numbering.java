package idserver.counter;

import java.time.ZoneId;
import java.util.Optional;

/**
 * What a rule asks of its counters. Immutable; a reload that changes nothing makes an equal one.
 *
 * @param range the numbers this server may issue
 * @param period how often the counter starts again
 * @param batchSave the smallest block that is reserved at once, 1 or more numbers
 * @param zone the zone whose clock tells its periods and dates; empty for the server's
 */
public record Numbering(NumberRange range, Period period, int batchSave, Optional<ZoneId> zone) {
  public Numbering {
    if (batchSave < 1) {
      throw new IllegalArgumentException("batch_save must be >= 1: " + batchSave);
    }
  }

  /** In the server's zone. */
  public Numbering(NumberRange range, Period period, int batchSave) {
    this(range, period, batchSave, Optional.empty());
  }
}
