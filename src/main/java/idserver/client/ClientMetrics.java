package idserver.client;

import java.util.List;

/**
 * What a client has done since it was made. A snapshot: each number is right, but they are not all
 * of one moment.
 *
 * @param requests requests that the application made, of {@code get} and {@code monitor}
 * @param ids ids handed to the application, and to caches
 * @param retries tries beyond the first of each request, and datagrams sent once more
 * @param failOvers tries at another server than the one tried before
 * @param timeouts tries that were not answered in time
 * @param refused answers that were refusals, of tries
 * @param failed requests that ended with an error
 * @param lost ids that arrived and were not handed out, because the request had ended, perhaps with
 *     the same ids
 * @param servers each address, UDP and HTTP apart, in the order of the settings
 */
public record ClientMetrics(
    long requests,
    long ids,
    long retries,
    long failOvers,
    long timeouts,
    long refused,
    long failed,
    long lost,
    List<ServerMetrics> servers) {

  /** How a server is thought of. */
  public enum State {
    /** Asked in its turn. */
    WELL,
    /** Asked after all others, until its time is over. */
    BACKED_OFF,
    /** Its time is over: the next request, or one under way, finds out. */
    PROBED
  }

  /**
   * One address of a server.
   *
   * @param address such as {@code udp://10.0.0.1:1200} or {@code http://10.0.0.1:8080}
   * @param state how it is thought of now
   * @param asked tries sent there
   * @param answered answers that came in time or late, refusals included
   * @param silent tries that were not answered in time, or failed on the way
   */
  public record ServerMetrics(
      String address, State state, long asked, long answered, long silent) {}
}
