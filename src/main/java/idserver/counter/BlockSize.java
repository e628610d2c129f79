package idserver.counter;

/**
 * How large the next block should be: what the counter uses in a few seconds, so that a hot one
 * writes seldom and a quiet one loses little in a crash. Confined to its counter's lock.
 */
final class BlockSize {
  /** A block is to last about this long. */
  private static final long TARGET_NANOS = 2_000_000_000L;

  /** The largest block: 2^22 numbers. */
  private static final long MAX = 1L << 22;

  /** A block grows at most so many times over its predecessor, lest one burst burn a range. */
  private static final long GROWTH = 8;

  private long size;
  private long sinceNanos;

  /** A new block is in hand. */
  void begun(long nowNanos) {
    sinceNanos = nowNanos;
  }

  /**
   * The size to wish for.
   *
   * @param used numbers drawn since the block in hand began
   * @param demand numbers that parked requests are waiting for
   * @param least {@code batch_save}
   */
  long next(long used, long demand, int least, long nowNanos) {
    if (size > 0) {
      long elapsed = Math.max(1, nowNanos - sinceNanos);
      double wanted = (double) used / elapsed * TARGET_NANOS;
      size = Math.max(size / 2, Math.min((long) wanted, size * GROWTH));
    }
    size = Math.min(Math.max(size, least), Math.max(MAX, least));
    return Math.max(size, Math.min(demand, MAX));
  }
}
