/** What may be asked of a running server by who administers it. */
@NullMarked
package idserver.admin;

import org.jspecify.annotations.NullMarked;
