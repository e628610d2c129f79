/**
 * What tests of more than one room start and clean up: a real MariaDB, processes, ports and
 * folders. Must not know the server's classes.
 */
@NullMarked
package idserver.testing;

import org.jspecify.annotations.NullMarked;
