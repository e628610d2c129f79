package idserver.timeid;

/**
 * How the ids of a kind are made. Immutable.
 *
 * @param format how they look
 * @param spreadMs how far an id's time may lie behind the clock so that the low bits of a kind's
 *     ids follow each other without a hole, whatever the rate: a power of two from 1 to 65536. Hash
 *     tables of up to so many buckets then fill as evenly as with 1, 2, 3, ... 1 is the clock's own
 *     millisecond. {@link TimeIdLayout#CLASSIC} needs none and takes no notice
 * @param borrowMs how far an id's time may lie ahead of the clock when a burst has used up the
 *     milliseconds, 0 to 60000. It must not be above what the promise keeps ahead
 * @param whenFull what follows when that is used up as well
 */
public record TimeIdSettings(TimeIdFormat format, int spreadMs, int borrowMs, WhenFull whenFull) {
  /** What happens to who comes when the milliseconds are used up. */
  public enum WhenFull {
    /** It is refused: for servers, where no request thread waits. */
    REFUSE,
    /** It waits until there is room, and is refused only when its thread is interrupted. */
    WAIT
  }

  /** An id's time is off by about a second at most. */
  public static final int DEFAULT_SPREAD_MS = 1024;

  /** A thousand ids at once of the narrowest layout. */
  public static final int DEFAULT_BORROW_MS = 1000;

  /** The largest spread. */
  public static final int MAX_SPREAD_MS = 1 << 16;

  /** The largest borrow. */
  public static final int MAX_BORROW_MS = 60_000;

  public TimeIdSettings {
    if (spreadMs < 1 || spreadMs > MAX_SPREAD_MS || Integer.bitCount(spreadMs) != 1) {
      throw new IllegalArgumentException(
          "spread must be a power of two from 1 to " + MAX_SPREAD_MS + " ms: " + spreadMs);
    }
    if (borrowMs < 0 || borrowMs > MAX_BORROW_MS) {
      throw new IllegalArgumentException(
          "borrow must be 0 to " + MAX_BORROW_MS + " ms: " + borrowMs);
    }
  }

  /** That format with the default spread and borrow, refusing when full. */
  public static TimeIdSettings of(TimeIdFormat format) {
    return new TimeIdSettings(format, DEFAULT_SPREAD_MS, DEFAULT_BORROW_MS, WhenFull.REFUSE);
  }

  /** One process alone, all by default. */
  public static TimeIdSettings of(TimeIdLayout layout) {
    return of(TimeIdFormat.of(layout));
  }

  public TimeIdSettings withSpreadMs(int spreadMs) {
    return new TimeIdSettings(format, spreadMs, borrowMs, whenFull);
  }

  public TimeIdSettings withBorrowMs(int borrowMs) {
    return new TimeIdSettings(format, spreadMs, borrowMs, whenFull);
  }

  public TimeIdSettings withWhenFull(WhenFull whenFull) {
    return new TimeIdSettings(format, spreadMs, borrowMs, whenFull);
  }
}
