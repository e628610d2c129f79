/**
 * Metrics for Prometheus: which there are, and their text. Asks the administration; counts nothing
 * itself, and no request passes here.
 */
@NullMarked
package idserver.metrics;

import org.jspecify.annotations.NullMarked;
