package idserver.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** Answers datagrams as a test says, so that the clients themselves can be tested. */
final class FakeServer implements AutoCloseable {
  private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  /** Sends, for each request's text, all these answers in their order. */
  FakeServer(Function<String, List<String>> answers) throws IOException {
    thread.execute(() -> serve(answers));
  }

  int port() {
    return socket.getLocalPort();
  }

  private void serve(Function<String, List<String>> answers) {
    DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
    try {
      while (!socket.isClosed()) {
        socket.receive(packet);
        String request =
            new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8);
        for (String answer : answers.apply(request)) {
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          socket.send(new DatagramPacket(bytes, bytes.length, packet.getSocketAddress()));
        }
        packet.setLength(2048);
      }
    } catch (SocketException e) {
      // closed: the test is over
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    socket.close();
    thread.shutdown();
  }
}
