package idserver.reserve;

/** The right to reserve numbers of a node. Thread-safe. */
public interface Lease {
  /**
   * Returns when this server may reserve; may ask the database.
   *
   * @throws NodeLostException when another server has taken the node over
   * @throws StoreException when that cannot be told now
   */
  void check() throws StoreException;
}
