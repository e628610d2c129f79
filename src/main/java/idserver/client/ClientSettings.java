package idserver.client;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a client is to do. Immutable; each {@code with} makes another one.
 *
 * @param servers in the order in which they are asked, at least one
 * @param deadline how long a request may take in all, with all its tries; default 3 s
 * @param udpTimeout how long one datagram is waited for before the next server is asked, 1 ms or
 *     more; default 60 ms, as a server answers within 50 ms whatever happens to it
 * @param httpTimeout the same over HTTP; default 2.2 s, as a server answers within 2 s
 * @param connectTimeout how long a connection over HTTP may take to come about; default 100 ms
 * @param udpCount the largest count that is asked for over UDP where a server has HTTP, 1 to 600;
 *     default 20: so many ids of 64 bytes fit a datagram
 * @param spread false: every request begins at the first server that is well, so ids come from one
 *     server, and rise, while it lives; true: each begins at the next one
 * @param requestIds true: each request has a random {@code request_id}, so that a server that is
 *     asked again gives the same ids; false: it gives others, and those of a lost answer are a gap
 * @param localAddress the address of this machine to send datagrams from; null: the system's choice
 */
public record ClientSettings(
    List<ServerAddress> servers,
    Duration deadline,
    Duration udpTimeout,
    Duration httpTimeout,
    Duration connectTimeout,
    int udpCount,
    boolean spread,
    boolean requestIds,
    @Nullable InetAddress localAddress) {
  /** More ids cannot be in one datagram, even of one character each. */
  private static final int MOST_OF_UDP = 600;

  public ClientSettings {
    servers = List.copyOf(servers);
    if (servers.isEmpty()) {
      throw new IllegalArgumentException("a client needs at least one server");
    }
    check("deadline", deadline);
    check("udpTimeout", udpTimeout);
    check("httpTimeout", httpTimeout);
    check("connectTimeout", connectTimeout);
    if (udpCount < 1 || udpCount > MOST_OF_UDP) {
      throw new IllegalArgumentException("udpCount must be 1 to " + MOST_OF_UDP + ": " + udpCount);
    }
  }

  private static void check(String name, Duration value) {
    if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(name + " must be 1 ms to 1 h: " + value);
    }
  }

  /** The defaults, for these servers. */
  public static ClientSettings of(ServerAddress... servers) {
    return of(List.of(servers));
  }

  /** The defaults, for these servers. */
  public static ClientSettings of(List<ServerAddress> servers) {
    return new ClientSettings(
        servers,
        Duration.ofSeconds(3),
        Duration.ofMillis(60),
        Duration.ofMillis(2_200),
        Duration.ofMillis(100),
        20,
        false,
        true,
        null);
  }

  /** With another {@code deadline}. */
  public ClientSettings withDeadline(Duration value) {
    return with(draft -> draft.deadline = value);
  }

  /** With another {@code udpTimeout}. */
  public ClientSettings withUdpTimeout(Duration value) {
    return with(draft -> draft.udpTimeout = value);
  }

  /** With another {@code httpTimeout}. */
  public ClientSettings withHttpTimeout(Duration value) {
    return with(draft -> draft.httpTimeout = value);
  }

  /** With another {@code connectTimeout}. */
  public ClientSettings withConnectTimeout(Duration value) {
    return with(draft -> draft.connectTimeout = value);
  }

  /** With another {@code udpCount}. */
  public ClientSettings withUdpCount(int value) {
    return with(draft -> draft.udpCount = value);
  }

  /** With another {@code spread}. */
  public ClientSettings withSpread(boolean value) {
    return with(draft -> draft.spread = value);
  }

  /** With another {@code requestIds}. */
  public ClientSettings withRequestIds(boolean value) {
    return with(draft -> draft.requestIds = value);
  }

  /** With another {@code localAddress}. */
  public ClientSettings withLocalAddress(InetAddress value) {
    return with(draft -> draft.localAddress = value);
  }

  private ClientSettings with(Consumer<Draft> change) {
    Draft draft = new Draft();
    change.accept(draft);
    return new ClientSettings(
        servers,
        draft.deadline,
        draft.udpTimeout,
        draft.httpTimeout,
        draft.connectTimeout,
        draft.udpCount,
        draft.spread,
        draft.requestIds,
        draft.localAddress);
  }

  /** These settings, to be changed. */
  private final class Draft {
    Duration deadline = ClientSettings.this.deadline;
    Duration udpTimeout = ClientSettings.this.udpTimeout;
    Duration httpTimeout = ClientSettings.this.httpTimeout;
    Duration connectTimeout = ClientSettings.this.connectTimeout;
    int udpCount = ClientSettings.this.udpCount;
    boolean spread = ClientSettings.this.spread;
    boolean requestIds = ClientSettings.this.requestIds;
    @Nullable InetAddress localAddress = ClientSettings.this.localAddress;
  }
}
