package idserver.client;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All addresses of all servers, and whom to ask next: first UDP where it is well, then HTTP where
 * it is well, then what failed of late. A large batch goes over HTTP. Confined to the client's
 * thread.
 */
final class Ports {
  private static final int NONE = Integer.MAX_VALUE;

  private final List<Port> ports;
  private final int servers;
  private final int udpCount;
  private final boolean spread;
  private final boolean haveHttp;
  private int turn;

  Ports(List<Port> ports, ClientSettings settings) {
    this.ports = List.copyOf(ports);
    this.servers = settings.servers().size();
    this.udpCount = settings.udpCount();
    this.spread = settings.spread();
    this.haveHttp = ports.stream().anyMatch(Port::isHttp);
  }

  List<Port> all() {
    return ports;
  }

  boolean haveHttp() {
    return haveHttp;
  }

  /** The server that a new request begins with. */
  int begin() {
    if (!spread) {
      return 0;
    }
    turn = turn + 1 == servers ? 0 : turn + 1;
    return turn;
  }

  boolean isForHttp(Question question) {
    return haveHttp && (question.ids() > udpCount || !question.fitsDatagram());
  }

  /**
   * The next one to ask.
   *
   * @param httpOnly whether a datagram is too small
   * @param begin the server that the request began with
   * @param tried those that it has tried in this round
   * @param told servers that have said what they have to say
   * @return null when all have been tried
   */
  @Nullable Port next(
      boolean httpOnly, int begin, Collection<Port> tried, Set<Integer> told, long nowNanos) {
    Port best = null;
    int rank = NONE;
    for (Port port : ports) {
      if ((httpOnly && !port.isHttp()) || tried.contains(port) || told.contains(port.server())) {
        continue;
      }
      int its = rank(port, begin, nowNanos);
      if (its < rank) {
        best = port;
        rank = its;
      }
    }
    return best;
  }

  private int rank(Port port, int begin, long nowNanos) {
    int kind = (port.health().isWell(nowNanos) ? 0 : 2) + (port.isHttp() ? 1 : 0);
    return kind * servers + Math.floorMod(port.server() - begin, servers);
  }
}
