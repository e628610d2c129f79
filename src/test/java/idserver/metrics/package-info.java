@NullMarked
package idserver.metrics;

import org.jspecify.annotations.NullMarked;
