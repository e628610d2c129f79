package idserver.timeid;

/**
 * Where time, serial and node stand in an id. Immutable. Every id is positive: 63 bits, of which 41
 * are milliseconds since the format's epoch.
 */
public enum TimeIdLayout {
  /**
   * The layout of the document: {@code node(10) serial(12) ms(41)}. Up to 4096 ids a millisecond.
   * Low bits differ as long as the milliseconds do; ids increase only by their {@link
   * TimeIdFormat#sortKey sort key}.
   */
  SPILL(12),

  /**
   * The number of a millisecond and nothing else: one id for each, which the nodes share out by
   * {@code ms mod nodes}. Up to 1000 ids a second for all nodes together, below 2^41.
   *
   * <p>The reserved bits stay 0. A node there would sort all ids of one node before all ids of the
   * next, and lift them above 2^53, where JavaScript's numbers lose bits. Nothing is lost by that:
   * a millisecond belongs to one node alone, and tells which.
   */
  ORDERED(0),

  /**
   * Time first: {@code ms(41) node(10) serial(12)}. Up to 4096 ids a millisecond, increasing. The
   * serial goes on from the last id's instead of starting again, so low bits differ at any rate.
   */
  CLASSIC(12);

  /** Bits of the milliseconds. */
  public static final int TIME_BITS = 41;

  /** Bits of the node in {@link #SPILL} and {@link #CLASSIC}. */
  public static final int NODE_BITS = 10;

  /** The last millisecond, counted from the epoch: 69.7 years. */
  public static final long LAST_MS = (1L << TIME_BITS) - 1;

  private final int serialBits;

  TimeIdLayout(int serialBits) {
    this.serialBits = serialBits;
  }

  /** Bits of the serial: 12, or 0 where there is none. */
  public int serialBits() {
    return serialBits;
  }

  /** The largest serial. */
  public int maxSerial() {
    return (1 << serialBits) - 1;
  }
}
