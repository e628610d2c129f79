/**
 * The configuration file: read whole, checked whole, and handed to each room as that room's own
 * settings. All faults are told at once. Knows no container.
 */
@NullMarked
package idserver.config;

import org.jspecify.annotations.NullMarked;
