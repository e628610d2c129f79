package idserver.store;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the reservations are kept on a database server: the {@code database} member of the
 * configuration. Immutable.
 *
 * @param host name or address; several nodes of one cluster with commas between them, each perhaps
 *     with a port of its own behind a colon
 * @param port 1 to 65535; of each host that has none of its own
 * @param user who may read and write the table, and create it where it is missing
 * @param password may be empty
 * @param dbname the schema
 */
public record DatabaseSettings(String host, int port, String user, String password, String dbname) {
  private static final Pattern NODE = Pattern.compile("(\\[[^]]+]|[^:\\[\\]\\s]+)(?::(\\d{1,5}))?");
  private static final int LARGEST_PORT = 65_535;

  /** Whether the database is a cluster, any node of which may be asked. */
  public boolean isCluster() {
    return host.indexOf(',') >= 0;
  }

  /** Whether each host can be understood. */
  public boolean isWellFormed() {
    return !isCluster()
        || Arrays.stream(host.split(",", -1)).map(String::strip).allMatch(this::isNode);
  }

  private boolean isNode(String node) {
    Matcher matcher = NODE.matcher(node);
    if (!matcher.matches()) {
      return false;
    }
    String own = matcher.group(2);
    return own == null || (Integer.parseInt(own) > 0 && Integer.parseInt(own) <= LARGEST_PORT);
  }

  /** The nodes of a cluster, each with its port: {@code db1:3306}. */
  List<String> nodes() {
    return Arrays.stream(host.split(","))
        .map(String::strip)
        .map(node -> node.matches(".*:\\d+$") && !node.endsWith("]") ? node : node + ":" + port)
        .toList();
  }

  @Override
  public String toString() {
    String where = isCluster() ? String.join(",", nodes()) : host + ":" + port;
    return user + "@" + where + "/" + dbname;
  }
}
