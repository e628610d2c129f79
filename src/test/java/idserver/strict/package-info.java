@NullMarked
package idserver.strict;

import org.jspecify.annotations.NullMarked;
