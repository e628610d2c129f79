/**
 * Integration tests: the real server process, installed as an operator installs it, on a real
 * database, asked over UDP and HTTP. Start reading at {@link idserver.it.Installation}, {@link
 * idserver.testing.MariaDb}, {@link idserver.it.Load} and {@link idserver.it.Checker}. Must not
 * know the server's classes: it speaks the protocol only, and reads the counter table.
 */
@NullMarked
package idserver.it;

import org.jspecify.annotations.NullMarked;
