/**
 * The store: reservations as rows of a database, by JPA. The only room that knows JPA, SQL and the
 * drivers; what a reservation is, it is told by {@code reserve}.
 */
@NullMarked
package idserver.store;

import org.jspecify.annotations.NullMarked;
