/**
 * Numbers in one order over all servers: whoever asks after another was answered gets a higher one.
 * No number is in hand; a line of requests waits for the commit that reserves exactly theirs. Knows
 * nothing of rules, transports or databases.
 */
@NullMarked
package idserver.strict;

import org.jspecify.annotations.NullMarked;
