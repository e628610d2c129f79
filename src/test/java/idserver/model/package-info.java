/**
 * A model of the reservation protocol, and an explorer that takes it to every state it can come to:
 * servers that die, pause and stop, a database that loses answers and comes back older, statements
 * that arrive late. The arithmetic is the product's own; all else says in a few lines what the
 * product does in many. A second part drives the product's own classes through the same events.
 */
@NullMarked
package idserver.model;

import org.jspecify.annotations.NullMarked;
