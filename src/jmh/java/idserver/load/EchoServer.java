package idserver.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * The baseline: sends every datagram back, and does nothing else. What an id server on the JDK's
 * own channels costs more than this is the server's own. Argument: the port, on loopback.
 */
public final class EchoServer {
  private static final int RECEIVE_BUFFER = 4 << 20;
  private static final int LARGEST_DATAGRAM = 1400;

  private EchoServer() {}

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
      channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      ByteBuffer datagram = ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
      while (true) {
        datagram.clear();
        SocketAddress from = channel.receive(datagram);
        channel.send(datagram.flip(), from);
      }
    }
  }
}
