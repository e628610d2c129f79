/**
 * The server: the composition root in the container. Reads the configuration, puts the rooms
 * together, starts and stops them. Everybody's user and nobody's dependency.
 */
@NullMarked
package idserver.server;

import org.jspecify.annotations.NullMarked;
