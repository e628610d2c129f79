package idserver.testing;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ports of the loopback address that nobody listens on, over TCP and UDP. They lie below the range
 * that the system gives to clients, so none of those takes one before the server does. Thread-safe.
 */
public final class FreePorts {
  private static final int FIRST = 20_000;
  private static final int LAST = 31_000;
  private static final AtomicInteger NEXT =
      new AtomicInteger(ThreadLocalRandom.current().nextInt(FIRST, LAST));

  private FreePorts() {}

  /** A free port, each time another one. */
  public static int next() throws IOException {
    for (int tries = FIRST; tries < LAST; tries++) {
      int port = NEXT.getAndUpdate(last -> last >= LAST ? FIRST : last + 1);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException("no free port from %d to %d".formatted(FIRST, LAST));
  }

  private static boolean isFree(int port) throws IOException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (ServerSocket tcp = new ServerSocket();
        DatagramSocket udp = new DatagramSocket(null)) {
      tcp.bind(address);
      udp.bind(address);
      return true;
    } catch (BindException e) {
      return false;
    }
  }
}
