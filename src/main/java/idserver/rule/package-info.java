@NullMarked
package idserver.rule;

import org.jspecify.annotations.NullMarked;
