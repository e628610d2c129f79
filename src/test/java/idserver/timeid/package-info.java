/**
 * Tests of time ids: examples, random lives under random clocks, threads, hash tables, benchmarks.
 */
@NullMarked
package idserver.timeid;

import org.jspecify.annotations.NullMarked;
