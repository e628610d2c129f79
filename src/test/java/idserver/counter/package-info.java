/** Tests of the counters: tables, interleavings by hand, random lives, and threads. */
@NullMarked
package idserver.counter;

import org.jspecify.annotations.NullMarked;
