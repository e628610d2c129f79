package idserver.udp;

import idserver.issue.Desk;
import idserver.issue.IdService;
import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.wire.BadRequest;
import idserver.wire.Decoded;
import idserver.wire.NotAnObject;
import idserver.wire.RequestDecoder;
import idserver.wire.WireRequest;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Owns the socket: receives one datagram after the other and hands each to an {@link Exchange}. The
 * loop is confined to its thread; answers may be sent by any.
 */
public final class UdpListener implements Runnable {
  private static final Logger LOG = Logger.getLogger(UdpListener.class.getName());

  /** The largest datagram that is read or sent, in bytes: one that no usual network splits. */
  static final int LARGEST_DATAGRAM = 1400;

  /** Holds about 10 000 requests while the server is held up, where the kernel allows it. */
  private static final int RECEIVE_BUFFER = 4 << 20;

  private static final Refusal FAULT =
      new Refusal(RefusalKind.RULE_ERROR, "fault of the server: see its log");

  private final DatagramChannel channel;
  private final IdService service;

  // these belong to the loop
  private final Desk desk;
  private final RequestDecoder decoder = new RequestDecoder();
  private final byte[] ownAnswer = new byte[LARGEST_DATAGRAM];
  private final ByteBuffer toSend = ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
  private @Nullable Exchange spare;
  private volatile @Nullable Thread loop;

  private final LongAdder received = new LongAdder();
  private final LongAdder dropped = new LongAdder();

  private UdpListener(DatagramChannel channel, IdService service, Desk desk) {
    this.channel = channel;
    this.service = service;
    this.desk = desk;
  }

  static UdpListener bind(UdpSettings settings, IdService service, Desk desk) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
      channel.bind(settings.address());
      return new UdpListener(channel, service, desk);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void run() {
    loop = Thread.currentThread();
    // one byte more than is allowed shows that there was more
    ByteBuffer datagram = ByteBuffer.allocateDirect(LARGEST_DATAGRAM + 1);
    byte[] bytes = new byte[datagram.capacity()];
    while (channel.isOpen()) {
      try {
        datagram.clear();
        SocketAddress from = channel.receive(datagram);
        received.increment();
        int length = datagram.position();
        datagram.get(0, bytes, 0, length);
        accept(bytes, length, from);
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.log(Level.FINE, "A datagram could not be received", e);
      } catch (RuntimeException | StackOverflowError | LinkageError e) {
        // whatever it is: the next datagram is another one's
        LOG.log(Level.SEVERE, "A datagram failed by a fault of the server", e);
      }
    }
  }

  private void accept(byte[] datagram, int length, SocketAddress from) {
    if (length > LARGEST_DATAGRAM) {
      dropped.increment();
      return;
    }
    Decoded decoded = decoder.decode(datagram, 0, length);
    if (decoded instanceof WireRequest request) {
      Exchange exchange = spare;
      if (exchange == null) {
        exchange = new Exchange(this, from, length, request.seq(), request.count());
      } else {
        exchange.begin(from, length, request.seq(), request.count());
      }
      spare = null;
      try {
        if (exchange.deliver(request, service, desk)) {
          spare = exchange;
        }
      } catch (RuntimeException e) {
        LOG.log(Level.SEVERE, "A datagram failed by a fault of the server", e);
        exchange.refused(FAULT);
      }
    } else if (decoded instanceof BadRequest bad) {
      new Exchange(this, from, length, bad.seq(), 0).refused(bad.refusal());
    } else if (decoded instanceof NotAnObject) {
      dropped.increment();
    }
  }

  /** Where the calling thread writes its next answer: room for the largest datagram. */
  byte[] answer() {
    return Thread.currentThread() == loop ? ownAnswer : new byte[LARGEST_DATAGRAM];
  }

  /** Sends an answer. Any thread. */
  void send(byte[] answer, int length, SocketAddress to) {
    try {
      channel.send(
          answer == ownAnswer
              ? toSend.clear().put(answer, 0, length).flip()
              : ByteBuffer.wrap(answer, 0, length),
          to);
    } catch (ClosedChannelException e) {
      LOG.log(Level.FINE, "The socket was closed before an answer was sent");
    } catch (IOException e) {
      dropped.increment();
      LOG.log(Level.FINE, "An answer could not be sent to " + to, e);
    }
  }

  /** Counts a request that no answer fits. */
  void drop() {
    dropped.increment();
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.FINE, "The socket could not be closed", e);
    }
  }

  /** Whether datagrams are received. */
  public boolean isOpen() {
    return channel.isOpen();
  }

  /** How many datagrams have been received. */
  public long received() {
    return received.sum();
  }

  /** How many datagrams were left without an answer: not a request, too large, or too small. */
  public long dropped() {
    return dropped.sum();
  }
}
