/**
 * Time ids: 64-bit ids from a clock and a serial, in three layouts, for any number of independent
 * kinds and without a round trip to anything. Decides which id comes next; knows nothing of how the
 * time it may use becomes durable, of rules or of transports.
 */
@NullMarked
package idserver.timeid;

import org.jspecify.annotations.NullMarked;
