package idserver.client;

import java.net.URI;
import java.util.Locale;

/**
 * Where one server is asked. Immutable.
 *
 * @param host name or address for UDP; a name is looked up when the client is made, and again while
 *     the server does not answer
 * @param udpPort 1 to 65535; 0: never asked over UDP
 * @param http such as {@code http://10.0.0.1:8080}, without a slash at its end; empty: never asked
 *     over HTTP
 */
public record ServerAddress(String host, int udpPort, String http) {
  public ServerAddress {
    if (udpPort < 0 || udpPort > 65_535) {
      throw new IllegalArgumentException("UDP port must be 0 to 65535: " + udpPort);
    }
    if (udpPort == 0 && http.isEmpty()) {
      throw new IllegalArgumentException("a server needs a UDP port or an HTTP address: " + host);
    }
    if (udpPort > 0 && host.isBlank()) {
      throw new IllegalArgumentException("a server with a UDP port needs a host");
    }
    if (!http.isEmpty()) {
      checkHttp(http);
    }
  }

  private static void checkHttp(String http) {
    URI uri = URI.create(http);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean known = scheme.equals("http") || scheme.equals("https");
    if (!known || uri.getHost() == null || http.endsWith("/")) {
      throw new IllegalArgumentException(
          "HTTP address must be like http://10.0.0.1:8080, with no slash at its end: " + http);
    }
  }

  /** A server that is asked over UDP alone. */
  public static ServerAddress udp(String host, int port) {
    return new ServerAddress(host, port, "");
  }

  /** A server that is asked over HTTP alone. */
  public static ServerAddress http(String http) {
    return new ServerAddress("", 0, http);
  }
}
