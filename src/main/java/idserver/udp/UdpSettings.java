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
 */
public record UdpSettings(String host, int port) {
  /** What is wrong with these settings, a line each; empty when nothing is. */
  public List<String> validate() {
    List<String> faults = new ArrayList<>();
    if (port < 1 || port > 65535) {
      faults.add("service_port: must be a whole number from 1 to 65535: " + port);
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
