/** The root of the id server; the rooms are its sub-packages. Nothing lives here. */
@NullMarked
package idserver;

import org.jspecify.annotations.NullMarked;
