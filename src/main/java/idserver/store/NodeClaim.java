package idserver.store;

/**
 * A server that starts, as its node row is to tell of it. Immutable.
 *
 * @param nodeOffset {@code id_offset}: which node it wants to be
 * @param idStep {@code id_step}
 * @param timeZone the zone of the dates
 * @param instance tells its high-water file from all others. Who makes the claim holds that file,
 *     which no two processes of a machine do at once
 * @param owner tells this process from all others
 * @param host name of the machine
 * @param pid of the process
 * @param dataDir where its files are
 */
public record NodeClaim(
    int nodeOffset,
    int idStep,
    String timeZone,
    String instance,
    String owner,
    String host,
    long pid,
    String dataDir) {
  private static final int LONGEST_TEXT = 255;

  public NodeClaim {
    host = cut(host);
    dataDir = cut(dataDir);
  }

  /** As much as its column takes. */
  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }
}
