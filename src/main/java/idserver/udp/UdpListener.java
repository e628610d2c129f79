package idserver.udp;

import idserver.issue.Desk;
import idserver.issue.IdService;
import idserver.issue.Tally;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Owns an address: one socket and one thread for each of its loops, among which the kernel shares
 * out the clients. Thread-safe.
 */
public final class UdpListener {
  private static final Logger LOG = Logger.getLogger(UdpListener.class.getName());

  /** The largest datagram that is read or sent, in bytes: one that no usual network splits. */
  static final int LARGEST_DATAGRAM = 1400;

  /**
   * Holds more than 20 000 requests while the server is held up, where the kernel allows it: it
   * counts about 800 bytes for a small one, and twice what is asked for.
   */
  static final int RECEIVE_BUFFER = 16 << 20;

  /** How long a close waits for the datagrams that are there to be answered. */
  private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** How often a loop is woken that sits in a receive while it should close. */
  private static final long WAKE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final InetSocketAddress address;
  private final List<UdpLoop> loops;

  private UdpListener(InetSocketAddress address, List<UdpLoop> loops) {
    this.address = address;
    this.loops = loops;
  }

  /**
   * Binds the sockets; nothing is read before the loops run.
   *
   * @param desks where the requests of a loop are served: one for each
   * @throws IOException when the address cannot be had
   */
  static UdpListener bind(
      UdpSettings settings, IdService service, Supplier<Desk> desks, Tally tally)
      throws IOException {
    boolean shared = settings.threads() > 1;
    if (shared) {
      // sockets that share an address would share it with another server of this user as well
      bind(settings, false).close();
    }
    ErrorLimit errors =
        new ErrorLimit(settings.errorsPerSecond(), System::nanoTime, new SecureRandom().nextLong());
    List<UdpLoop> loops = new ArrayList<>();
    try {
      for (int i = 0; i < settings.threads(); i++) {
        loops.add(new UdpLoop(bind(settings, shared), service, desks.get(), errors, tally));
      }
    } catch (IOException | RuntimeException e) {
      loops.forEach(UdpLoop::close);
      throw e;
    }
    return new UdpListener(settings.address(), List.copyOf(loops));
  }

  private static DatagramChannel bind(UdpSettings settings, boolean shared) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
      if (shared) {
        channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      }
      channel.bind(settings.address());
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The loops, each to be run by a thread of its own. */
  List<UdpLoop> loops() {
    return loops;
  }

  /** Tells operators of a receive buffer that is smaller than the one asked for. */
  void tellBuffer() throws IOException {
    int granted = loops.get(0).receiveBuffer();
    if (granted < RECEIVE_BUFFER) {
      LOG.info(
          "The kernel grants a receive buffer of "
              + (granted >> 10)
              + " KiB instead of "
              + (RECEIVE_BUFFER >> 10)
              + " KiB: a burst of many thousand requests may lose some, which /status counts as"
              + " lost. For more, raise net.core.rmem_max.");
    }
  }

  /** Closes the sockets, once all that has come until now is answered; waits for that. */
  void close() {
    loops.forEach(UdpLoop::endWhenAnswered);
    try {
      long deadline = System.nanoTime() + CLOSE_NANOS;
      for (UdpLoop loop : loops) {
        while (loop.isOpen() && !loop.awaitEnd(WAKE_NANOS)) {
          if (System.nanoTime() - deadline > 0) {
            LOG.warning(
                "Datagrams were left unanswered at the stop: their clients ask again. Nothing is to be done");
            break;
          }
          wake();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loops.forEach(UdpLoop::close);
  }

  /** Sends an empty datagram from a new port: the kernel gives it to one of the sockets. */
  private void wake() {
    try (DatagramChannel channel = DatagramChannel.open()) {
      channel.send(ByteBuffer.allocate(0), address);
    } catch (IOException e) {
      LOG.log(Level.FINE, "A loop could not be woken", e);
    }
  }

  /** Whether datagrams are received. */
  public boolean isOpen() {
    return loops.stream().allMatch(UdpLoop::isOpen);
  }

  /** How many datagrams have been received. */
  public long received() {
    return sum(UdpLoop::received);
  }

  /** How many datagrams the kernel threw away before, as its buffer was full; -1 if unknown. */
  public long lost() {
    return KernelLoss.of(address.getPort());
  }

  /** How many datagrams were left without an answer: not a request, too large, or too small. */
  public long dropped() {
    return sum(UdpLoop::dropped);
  }

  /** How many errors of bad requests were not sent, as their network had too many. */
  public long suppressed() {
    return sum(UdpLoop::suppressed);
  }

  private long sum(ToLongFunction<UdpLoop> count) {
    return loops.stream().mapToLong(count).sum();
  }
}
