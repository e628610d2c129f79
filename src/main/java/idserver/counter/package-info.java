/**
 * Counters: numbers drawn from durable blocks, one counter for each namespace and starting again
 * each period. Decides what a number is and when there is none; knows nothing of how blocks become
 * durable, of scripts or of transports.
 */
@NullMarked
package idserver.counter;

import org.jspecify.annotations.NullMarked;
