@NullMarked
package idserver.gapfree;

import org.jspecify.annotations.NullMarked;
