/**
 * The command-line tools that {@code deploy/server_ctl.sh} runs beside the server: what is checked
 * before a start, and operations on a running server. They run in a JVM of their own and know
 * nothing of the container.
 */
@NullMarked
package idserver.control;

import org.jspecify.annotations.NullMarked;
