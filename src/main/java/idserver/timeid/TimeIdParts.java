package idserver.timeid;

import java.time.Instant;

/**
 * What an id is made of. Immutable.
 *
 * @param timeMs the id's time, in milliseconds since 1970-01-01T00:00Z
 * @param node the node that issued it
 * @param serial its place among the ids of that node and millisecond
 */
public record TimeIdParts(long timeMs, int node, int serial) {
  /** The id's time. */
  public Instant time() {
    return Instant.ofEpochMilli(timeMs);
  }
}
