/**
 * Logging: one file a day under the configured prefix, a level that a reload changes. Knows nothing
 * but {@code java.util.logging}.
 */
@NullMarked
package idserver.log;

import org.jspecify.annotations.NullMarked;
