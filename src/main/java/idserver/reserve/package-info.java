/**
 * Reservation: turns the wishes of counters into durable blocks, many in one transaction. Holds the
 * protocol's arithmetic, the queue of wishes, the port to the store, and what this machine
 * remembers of its reservations; knows no database.
 */
@NullMarked
package idserver.reserve;

import org.jspecify.annotations.NullMarked;
