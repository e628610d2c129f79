/**
 * The web console: the files of a page that the browser runs, and the resource that hands them out.
 * All it shows comes over the same HTTP that anybody else may use; it knows no other room.
 */
@NullMarked
package idserver.console;

import org.jspecify.annotations.NullMarked;
