/** Tests of the client that need no server; {@code idserver.it.ClientScenarios} has the others. */
@NullMarked
package idserver.client;

import org.jspecify.annotations.NullMarked;
