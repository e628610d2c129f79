/** Tests of the use case, with real rules, counters and reservations over a store in memory. */
@NullMarked
package idserver.issue;

import org.jspecify.annotations.NullMarked;
