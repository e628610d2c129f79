/**
 * A load generator for the UDP service, the echo it is measured against, and the comparison of the
 * two in one run. Knows the server by its control script and its socket only.
 */
@NullMarked
package idserver.load;

import org.jspecify.annotations.NullMarked;
