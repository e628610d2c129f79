package idserver.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Many clients in one: asks for one id after the other over one socket, so many requests
 * outstanding, and each again until it has its id. As cheap as can be, since it shares the machine
 * with the server it measures. Confined to one thread.
 */
final class Swarm implements AutoCloseable {
  /** An answer that takes longer is lost, and asked for again. */
  private static final long PATIENCE_NANOS = 1_000_000_000L;

  private static final Pattern ERROR = Pattern.compile("\"error\":\"(\\w+)\"");
  private static final byte[] GRANTED = "{\"code\":0,".getBytes(StandardCharsets.US_ASCII);

  private final DatagramChannel channel = DatagramChannel.open();
  private final Selector selector = Selector.open();
  private final ByteBuffer answer = ByteBuffer.allocate(2048);
  private final int window;
  private final IntFunction<String> namespaces;

  // by seq, the oldest first
  private final Map<Integer, Long> outstanding = new LinkedHashMap<>();
  private final Deque<Integer> again = new ArrayDeque<>();
  private final Map<String, Integer> refused = new TreeMap<>();
  private int lost;

  /**
   * @param window how many requests are outstanding
   * @param namespaces what the request of that seq asks: the members {@code rule_name} and {@code
   *     app_name}
   */
  Swarm(int port, int window, IntFunction<String> namespaces) throws IOException {
    this.window = window;
    this.namespaces = namespaces;
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 4 << 20);
    channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ);
  }

  /**
   * What came of it.
   *
   * @param refused how many answers refused, by their error
   * @param lost how many requests had no answer in time
   */
  record Run(int ids, double seconds, Map<String, Integer> refused, int lost) {
    double perSecond() {
      return ids / seconds;
    }

    @Override
    public String toString() {
      return "%d ids in %.2f s: %.0f a second; refused and asked again %s, lost %d"
          .formatted(ids, seconds, perSecond(), refused, lost);
    }
  }

  /** Asks for the ids of these seqs and ends when it has all of them. */
  Run ask(int from, int until) throws IOException {
    refused.clear();
    lost = 0;
    long began = System.nanoTime();
    int next = from;
    int granted = 0;
    while (granted < until - from) {
      while (outstanding.size() < window && (next < until || !again.isEmpty())) {
        send(again.isEmpty() ? next++ : again.removeFirst());
      }
      granted += receive();
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    return new Run(granted, seconds, new HashMap<>(refused), lost);
  }

  private void send(int seq) throws IOException {
    String request = "{\"action\":\"get\"," + namespaces.apply(seq) + ",\"seq\":" + seq + "}";
    outstanding.put(seq, System.nanoTime());
    channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
  }

  /** Takes what is there, and waits for something; answers how many ids came. */
  private int receive() throws IOException {
    int granted = 0;
    int taken = 0;
    while (channel.read(answer.clear()) > 0) {
      taken++;
      granted += take(answer.flip()) ? 1 : 0;
    }
    if (taken == 0 && selector.select(100) == 0) {
      giveUp();
    }
    selector.selectedKeys().clear();
    return granted;
  }

  private boolean take(ByteBuffer datagram) {
    if (outstanding.remove(seq(datagram)) == null) {
      return false; // late: it is being asked again, or has been
    }
    if (startsWith(datagram, GRANTED)) {
      return true;
    }
    String text = StandardCharsets.UTF_8.decode(datagram.duplicate()).toString();
    Matcher error = ERROR.matcher(text);
    refused.merge(error.find() ? error.group(1) : text, 1, Integer::sum);
    again.addLast(seq(datagram));
    return false;
  }

  private static boolean startsWith(ByteBuffer datagram, byte[] prefix) {
    return datagram.remaining() >= prefix.length
        && datagram.slice(0, prefix.length).equals(ByteBuffer.wrap(prefix));
  }

  /** The last member of an answer. */
  private static int seq(ByteBuffer datagram) {
    int seq = 0;
    int digit = 1;
    for (int i = datagram.limit() - 2; Character.isDigit(datagram.get(i)); i--) {
      seq += (datagram.get(i) - '0') * digit;
      digit *= 10;
    }
    return seq;
  }

  private void giveUp() {
    long limit = System.nanoTime() - PATIENCE_NANOS;
    outstanding
        .entrySet()
        .removeIf(
            entry -> {
              boolean old = entry.getValue() - limit < 0;
              if (old) {
                again.addLast(entry.getKey());
                lost++;
              }
              return old;
            });
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }
}
