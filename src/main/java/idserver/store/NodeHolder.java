package idserver.store;

import java.time.Instant;

/**
 * Who holds a node offset. Immutable.
 *
 * @param owner tells its process from all others
 * @param host name of its machine
 * @param pid of its process
 * @param dataDir where its files are
 * @param started when it started, in seconds since 1970-01-01T00:00Z
 * @param leaseUntil how long it holds the offset unless it renews that, in the same
 */
record NodeHolder(
    String owner, String host, long pid, String dataDir, long started, long leaseUntil) {

  /** For the operator. */
  @Override
  public String toString() {
    return "the server on "
        + host
        + " (pid "
        + pid
        + ", data_dir "
        + dataDir
        + "), since "
        + Instant.ofEpochSecond(started);
  }
}
