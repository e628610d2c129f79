package idserver.udp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/**
 * Where datagrams are received: the settings of an activation. Immutable.
 *
 * @param host a name or address of this machine
 * @param port 1 to 65535
 * @param threads how many receive, each from a socket of its own, 1 to {@link #MOST_THREADS}
 * @param errorsPerSecond how many errors of bad requests a network is sent, 0 to {@link
 *     #MOST_ERRORS}; 0 for no limit
 */
public record UdpSettings(String host, int port, int threads, int errorsPerSecond) {
  /** More share the work of no machine that is known. */
  public static final int MOST_THREADS = 64;

  /** The highest limit; more of it is none. */
  public static final int MOST_ERRORS = 1_000_000;

  /** What a server takes that is told nothing. */
  public static final int DEFAULT_ERRORS = 1_000;

  /** What a server takes that is told nothing: a thread for every two processors, at most 4. */
  public static int defaultThreads() {
    return Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));
  }

  /** What is wrong with these settings, a line each; empty when nothing is. */
  public List<String> validate() {
    List<String> faults = new ArrayList<>();
    if (port < 1 || port > 65535) {
      faults.add("service_port: must be a whole number from 1 to 65535: " + port);
    }
    if (threads < 1 || threads > MOST_THREADS) {
      faults.add("udp_threads: must be a whole number from 1 to " + MOST_THREADS + ": " + threads);
    }
    if (errorsPerSecond < 0 || errorsPerSecond > MOST_ERRORS) {
      faults.add(
          "udp_errors_per_second: must be a whole number from 0 to "
              + MOST_ERRORS
              + ": "
              + errorsPerSecond);
    }
    try {
      InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      faults.add("service_host: must be an address of this machine: " + host);
    }
    return faults;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}
