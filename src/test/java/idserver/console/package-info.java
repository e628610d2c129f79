/** Tests of the console's files and of how they are handed out. */
@NullMarked
package idserver.console;

import org.jspecify.annotations.NullMarked;
