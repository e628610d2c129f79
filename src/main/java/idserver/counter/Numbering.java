package idserver.counter;

/**
 * What a rule asks of its counters. Immutable; a reload that changes nothing makes an equal one.
 *
 * @param range the numbers this server may issue
 * @param period how often the counter starts again
 * @param batchSave the smallest block that is reserved at once, 1 or more numbers
 */
public record Numbering(NumberRange range, Period period, int batchSave) {
  public Numbering {
    if (batchSave < 1) {
      throw new IllegalArgumentException("batch_save must be >= 1: " + batchSave);
    }
  }
}
