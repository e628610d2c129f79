package idserver.it;

import jakarta.json.JsonNumber;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * A plain client with one request outstanding: sends a datagram and waits for its answer. Not
 * connected, so a port that nobody listens on is silence, as over a real network. Confined to one
 * thread.
 */
final class UdpClient implements AutoCloseable {
  private static final int LARGEST_DATAGRAM = 65_507;

  private final DatagramSocket socket;
  private final InetSocketAddress server;
  private final byte[] buffer = new byte[LARGEST_DATAGRAM];
  private long lastSeq;
  private Consumer<Answer> late = answer -> {};

  /** Waits up to five seconds for an answer. */
  UdpClient(int port) throws IOException {
    this(port, Duration.ofSeconds(5));
  }

  UdpClient(int port, Duration patience) throws IOException {
    server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    socket = new DatagramSocket(0, server.getAddress());
    socket.setSoTimeout((int) patience.toMillis());
  }

  /** Who takes the answers to earlier requests, which came too late. */
  void onLate(Consumer<Answer> taker) {
    late = taker;
  }

  /** Asks from a new socket, as a client does that keeps none. */
  static Answer askOnce(int port, String request) throws IOException {
    try (UdpClient client = new UdpClient(port)) {
      return client.insist(request);
    }
  }

  /**
   * Sends this very text and returns the next answer.
   *
   * @throws SocketTimeoutException when none came in time
   */
  Answer ask(String request) throws IOException {
    send(request);
    return receive();
  }

  /**
   * Asks for one id, with a {@code seq} of its own; late answers to earlier requests are passed.
   */
  Answer get(String rule, String app) throws IOException {
    long seq = ++lastSeq;
    return answerTo(seq, request("get", rule, app, seq));
  }

  /** The {@code seq} of the next {@code get}. */
  long nextSeq() {
    return lastSeq + 1;
  }

  /** The same for so many ids at once. */
  Answer get(String rule, String app, int count) throws IOException {
    long seq = ++lastSeq;
    String one = request("get", rule, app, seq);
    return answerTo(seq, one.replace(",\"seq\"", ",\"count\":" + count + ",\"seq\""));
  }

  private Answer answerTo(long seq, String request) throws IOException {
    send(request);
    Answer answer = receive();
    while (!isTo(seq, answer)) {
      late.accept(answer);
      answer = receive();
    }
    return answer;
  }

  /** Asks for one id, and again while the block of a new counter is not there in time. */
  String id(String rule, String app) throws IOException {
    return insist(request("get", rule, app, ++lastSeq)).id();
  }

  /**
   * Asks as a client does that has no other server to go to: again, up to twenty times, while the
   * storage is not there in time. A busy disk may take longer than UDP lets a request wait.
   */
  Answer insist(String request) throws IOException {
    Answer answer = ask(request);
    for (int tries = 1; tries < 20 && answer.error().equals("STORAGE_UNAVAILABLE"); tries++) {
      answer = ask(request);
    }
    return answer;
  }

  Answer monitor(String rule, String app) throws IOException {
    return ask(request("monitor", rule, app, ++lastSeq));
  }

  /** The text of a request; the names are those of the tests, with nothing to escape. */
  static String request(String action, String rule, String app, long seq) {
    return "{\"action\":\"%s\",\"rule_name\":\"%s\",\"app_name\":\"%s\",\"seq\":%d}"
        .formatted(action, rule, app, seq);
  }

  private static boolean isTo(long seq, Answer answer) {
    return answer.seq() instanceof JsonNumber number && number.longValue() == seq;
  }

  void send(String request) throws IOException {
    byte[] bytes = request.getBytes(StandardCharsets.UTF_8);
    socket.send(new DatagramPacket(bytes, bytes.length, server));
  }

  Answer receive() throws IOException {
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    socket.receive(packet);
    return Answer.of(new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    socket.close();
  }
}
