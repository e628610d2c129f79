package idserver.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A server over UDP: one connected socket, any number of requests under way, told apart by their
 * {@code seq}. Confined to the client's thread.
 */
final class UdpPort extends Port {
  private static final int RECEIVE_BUFFER = 1 << 20;
  private static final int MOST_REPEATED = 32;
  private static final int FAILURES_BEFORE_LOOK_UP = 3;

  private final Loop loop;
  private final Executor workers;
  private final Counts counts;
  private final String host;
  private final int port;
  private final @Nullable InetAddress localAddress;
  private final ByteBuffer buffer = ByteBuffer.allocate(65_536);
  private final Map<Long, Try> open = new HashMap<>();
  private InetSocketAddress address;
  private @Nullable DatagramChannel channel;
  private boolean lookingUp;

  UdpPort(
      ServerAddress server,
      int number,
      Health health,
      ClientSettings settings,
      Loop loop,
      Executor workers,
      Counts counts) {
    super("udp://" + server.host() + ":" + server.udpPort(), number, health, timeout(settings));
    this.loop = loop;
    this.workers = workers;
    this.counts = counts;
    this.host = server.host();
    this.port = server.udpPort();
    this.localAddress = settings.localAddress();
    this.address = new InetSocketAddress(host, port);
  }

  private static Duration timeout(ClientSettings settings) {
    return settings.udpTimeout();
  }

  @Override
  boolean isHttp() {
    return false;
  }

  @Override
  void send(Try asking, Question question) {
    try {
      DatagramChannel to = open();
      open.put(asking.seq, asking);
      to.write(ByteBuffer.wrap(question.bytes(asking.seq)));
    } catch (PortUnreachableException e) {
      refused();
    } catch (IOException e) {
      open.remove(asking.seq);
      asking.call.failed(asking, String.valueOf(e.getMessage()));
    }
  }

  /** Not where so many wait that they are late rather than lost. */
  @Override
  boolean repeat(Try asking, Question question) {
    boolean wanted = open.containsKey(asking.seq) && open.size() <= MOST_REPEATED;
    if (wanted) {
      send(asking, question);
    }
    return wanted;
  }

  private DatagramChannel open() throws IOException {
    if (channel != null) {
      return channel;
    }
    if (address.isUnresolved()) {
      throw new IOException("unknown host");
    }
    DatagramChannel made = DatagramChannel.open();
    try {
      made.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
      made.configureBlocking(false);
      if (localAddress != null) {
        made.bind(new InetSocketAddress(localAddress, 0));
      }
      made.connect(address);
      made.register(loop.selector(), SelectionKey.OP_READ, this);
    } catch (IOException e) {
      made.close();
      throw e;
    }
    channel = made;
    return made;
  }

  /** Takes all that has come. */
  void read() {
    DatagramChannel from = channel;
    while (from != null && from.isOpen()) {
      try {
        buffer.clear();
        if (from.read(buffer) <= 0) {
          return;
        }
        buffer.flip();
        take(StandardCharsets.UTF_8.decode(buffer).toString());
      } catch (PortUnreachableException e) {
        refused();
      } catch (IOException e) {
        reopen();
        return;
      }
    }
  }

  private void take(String text) {
    Answer answer = Answer.of(text);
    if (answer == null) {
      return;
    }
    Try asked = open.remove(answer.seq());
    if (asked == null) {
      // a second answer, or one to a request that has ended: its ids are nobody's
      counts.lost.add(answer.ids().size());
      return;
    }
    asked.call.answered(asked, answer);
  }

  /** Nobody listens there. */
  private void refused() {
    for (Try asked : List.copyOf(open.values())) {
      open.remove(asked.seq);
      asked.call.failed(asked, "nobody listens there");
    }
  }

  @Override
  void forget(Try asked) {
    open.remove(asked.seq);
  }

  @Override
  void stillBad() {
    if (health().failures() < FAILURES_BEFORE_LOOK_UP || lookingUp) {
      return;
    }
    lookingUp = true;
    CompletableFuture<Void> unused =
        CompletableFuture.supplyAsync(() -> new InetSocketAddress(host, port), workers)
            .thenAccept(found -> loop.post(() -> moveTo(found)));
  }

  private void moveTo(InetSocketAddress found) {
    lookingUp = false;
    if (!found.isUnresolved() && !found.equals(address)) {
      address = found;
      reopen();
    }
  }

  /** The next request has a new socket; those under way are not answered any more. */
  private void reopen() {
    close();
    channel = null;
  }

  @Override
  public void close() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // it is not used any more, whatever became of it
      }
    }
  }
}
