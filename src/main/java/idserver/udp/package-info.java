/**
 * The UDP transport, in the four roles of a connector: settings of an activation, an adapter that
 * starts and stops, a listener that owns the address with a loop for each thread that receives, and
 * the exchange that delivers one message. Plain Java; threads are the container's.
 */
@NullMarked
package idserver.udp;

import org.jspecify.annotations.NullMarked;
