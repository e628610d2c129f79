package idserver.reserve;

/**
 * What the reservations have come to since the start. Immutable.
 *
 * @param committed transactions that have reserved blocks
 * @param blocks blocks reserved; many share a transaction
 * @param nanos how long the transactions took together, failed ones included
 * @param conflicts transactions that met somebody else on the same row, and were tried again
 * @param errors how often the store failed
 */
public record ReservationFigures(
    long committed, long blocks, long nanos, long conflicts, long errors) {
  /** Both together. */
  public ReservationFigures plus(ReservationFigures other) {
    return new ReservationFigures(
        committed + other.committed,
        blocks + other.blocks,
        nanos + other.nanos,
        conflicts + other.conflicts,
        errors + other.errors);
  }
}
