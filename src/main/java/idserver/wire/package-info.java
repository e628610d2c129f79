/**
 * The JSON that travels: one request from bytes, one answer into bytes, the same for every
 * transport. Scanned by hand in one pass, because this is paid for every id. Knows nothing of
 * sockets, HTTP, rules or counters.
 */
@NullMarked
package idserver.wire;

import org.jspecify.annotations.NullMarked;
