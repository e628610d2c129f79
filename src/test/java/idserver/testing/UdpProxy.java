package idserver.testing;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A bad network before a server on the loopback address: in either direction datagrams are lost,
 * come twice, and come late, so that later ones overtake them. Thread-safe.
 */
public final class UdpProxy implements AutoCloseable {
  private static final int LARGEST = 2048;
  private static final int LATEST_MS = 30;

  private final DatagramSocket front;
  private final InetSocketAddress server;
  private final double share;
  private final Random random;
  private volatile boolean cut;
  private final Map<SocketAddress, DatagramSocket> back = new ConcurrentHashMap<>();

  /**
   * @param port of the server
   * @param share of the datagrams that are lost; as many come twice, and as many come late
   */
  public UdpProxy(int port, double share, long seed) throws IOException {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.share = share;
    this.random = new Random(seed);
    this.front = new DatagramSocket(0, server.getAddress());
    start(front, packet -> forward(backFor(packet.getSocketAddress()), packet, server));
  }

  /** Whether nothing comes through any more, in either direction: the network is parted. */
  public void cut(boolean parted) {
    cut = parted;
  }

  /** Where clients ask. */
  public int port() {
    return front.getLocalPort();
  }

  private interface Taker {
    void take(DatagramPacket packet) throws IOException;
  }

  private static void start(DatagramSocket socket, Taker taker) {
    Thread thread =
        new Thread(
            () -> {
              byte[] buffer = new byte[LARGEST];
              while (!socket.isClosed()) {
                try {
                  DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                  socket.receive(packet);
                  taker.take(packet);
                } catch (IOException e) {
                  // closed, or nobody listens there right now: a datagram is lost
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** Each client has a socket of its own to the server, so that its answers find the way back. */
  private DatagramSocket backFor(SocketAddress client) throws IOException {
    DatagramSocket known = back.get(client);
    if (known != null) {
      return known;
    }
    DatagramSocket made = new DatagramSocket(0, server.getAddress());
    back.put(client, made);
    start(made, packet -> forward(front, packet, client));
    return made;
  }

  private void forward(DatagramSocket by, DatagramPacket packet, SocketAddress to)
      throws IOException {
    byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
    double fate;
    int lateMs;
    synchronized (random) {
      fate = random.nextDouble();
      lateMs = 1 + random.nextInt(LATEST_MS);
    }
    if (cut || fate < share) {
      return;
    }
    if (fate < 2 * share) {
      by.send(new DatagramPacket(bytes, bytes.length, to));
    } else if (fate < 3 * share) {
      CompletableFuture.delayedExecutor(lateMs, TimeUnit.MILLISECONDS)
          .execute(() -> send(by, bytes, to));
      return;
    }
    by.send(new DatagramPacket(bytes, bytes.length, to));
  }

  private static void send(DatagramSocket by, byte[] bytes, SocketAddress to) {
    try {
      by.send(new DatagramPacket(bytes, bytes.length, to));
    } catch (IOException e) {
      // closed meanwhile: a datagram is lost
    }
  }

  @Override
  public void close() {
    front.close();
    back.values().forEach(DatagramSocket::close);
  }
}
