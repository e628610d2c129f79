package idserver.admin;

/** The reservations, for a JMX console: {@code idserver:type=Reservations}. Thread-safe. */
@Describes("The blocks that this server reserves in the database")
public interface ReservationsMXBean {
  /** Transactions that have reserved blocks. */
  @Describes("Transactions that reserved blocks, since the start")
  long getTransactions();

  /** Blocks reserved. */
  @Describes("Blocks reserved since the start; many share a transaction")
  long getBlocks();

  /** Blocks wanted that no writer has taken up yet. */
  @Describes("Blocks wanted that no writer has taken up yet")
  int getQueued();

  /** Whether the database failed when it was last asked. */
  @Describes("Whether the database failed when it was last asked: ids go on while blocks last")
  boolean isDatabaseDown();

  /** Whether another server has taken this one's offset over. */
  @Describes("Whether another server has taken this one's id_offset over: stop one of the two")
  boolean isNodeLost();

  /** Counters of which the database knew less than was reserved. */
  @Describes("Counters of which the database knew less than was reserved: it has come back older")
  int getOlderCounters();

  /** How far the machine's clock is ahead of what is believed: seconds. */
  @Describes(
      "Seconds that the machine's clock is ahead of the time that is believed; 0 when it is followed")
  long getClockAheadSeconds();
}
