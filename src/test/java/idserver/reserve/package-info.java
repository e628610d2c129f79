/** Tests of reservation: its arithmetic, its queue, and the rules that every store keeps. */
@NullMarked
package idserver.reserve;

import org.jspecify.annotations.NullMarked;
