/**
 * Fuzzing with Jazzer of what comes from outside: requests, configurations, rules. The targets are
 * in their rooms, the inputs they begin with in {@code src/test/resources/idserver/fuzz}.
 */
@NullMarked
package idserver.fuzz;

import org.jspecify.annotations.NullMarked;
