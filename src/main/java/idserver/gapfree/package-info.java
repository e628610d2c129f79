/**
 * Numbers of which none may be missing: each is held for one request until that confirms it, and
 * goes to the next request where it does not. Decides whose a number is, and groups the requests
 * that wait for one commit. Knows nothing of rules, transports or databases.
 */
@NullMarked
package idserver.gapfree;

import org.jspecify.annotations.NullMarked;
