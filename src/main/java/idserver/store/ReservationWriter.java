package idserver.store;

import idserver.reserve.Reservations;
import jakarta.ejb.Asynchronous;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;

/**
 * The batch writer: lends a thread of the container to the reservations, without a transaction of
 * its own, so that each batch can have one that has ended when its blocks are handed out.
 */
@Stateless
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ReservationWriter {
  /** Drains the queue on another thread; returns at once. */
  @Asynchronous
  public void drain(Reservations reservations) {
    reservations.drain();
  }

  /** Does that work, which may wait for the database, on another thread; returns at once. */
  @Asynchronous
  public void run(Runnable work) {
    work.run();
  }
}
