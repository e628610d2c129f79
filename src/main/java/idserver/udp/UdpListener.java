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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  /**
   * Holds more than 20 000 requests while the server is held up, where the kernel allows it: it
   * counts about 800 bytes for a small one, and twice what is asked for.
   */
  static final int RECEIVE_BUFFER = 16 << 20;

  /** How long a close waits for the datagrams that are there to be answered. */
  private static final long CLOSE_MS = 1_000;

  private static final Refusal FAULT =
      new Refusal(RefusalKind.RULE_ERROR, "fault of the server: see its log");

  private final DatagramChannel channel;
  private final int port;
  private final IdService service;

  // these belong to the loop; one byte more than is allowed shows that there was more
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(LARGEST_DATAGRAM + 1);
  private final byte[] bytes = new byte[LARGEST_DATAGRAM + 1];
  private final Desk desk;
  private final RequestDecoder decoder = new RequestDecoder();
  private final byte[] ownAnswer = new byte[LARGEST_DATAGRAM];
  private final ByteBuffer toSend = ByteBuffer.allocateDirect(LARGEST_DATAGRAM);
  private @Nullable Exchange spare;
  private volatile @Nullable Thread loop;

  private final LongAdder received = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean closing;

  private UdpListener(DatagramChannel channel, int port, IdService service, Desk desk) {
    this.channel = channel;
    this.port = port;
    this.service = service;
    this.desk = desk;
  }

  static UdpListener bind(UdpSettings settings, IdService service, Desk desk) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
      int granted = channel.getOption(StandardSocketOptions.SO_RCVBUF);
      if (granted < RECEIVE_BUFFER) {
        LOG.info(
            "The kernel grants a receive buffer of "
                + (granted >> 10)
                + " KiB instead of "
                + (RECEIVE_BUFFER >> 10)
                + " KiB: a burst of many thousand requests may lose some, which /status counts as"
                + " lost. For more, raise net.core.rmem_max.");
      }
      channel.bind(settings.address());
      return new UdpListener(channel, settings.port(), service, desk);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void run() {
    loop = Thread.currentThread();
    try {
      while (channel.isOpen() && !closing) {
        receive();
      }
      answerTheRest();
    } finally {
      ended.countDown();
    }
  }

  /** Receives one datagram and answers it; false when there is none, or no socket. */
  private boolean receive() {
    try {
      datagram.clear();
      SocketAddress from = channel.receive(datagram);
      if (from == null) {
        return false;
      }
      int length = datagram.position();
      if (closing && length == 0) {
        // our own, to wake us, or one that gets no answer
        return true;
      }
      received.increment();
      datagram.get(0, bytes, 0, length);
      accept(bytes, length, from);
    } catch (ClosedChannelException e) {
      return false;
    } catch (IOException e) {
      LOG.log(Level.FINE, "A datagram could not be received", e);
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      // whatever it is: the next datagram is another one's
      LOG.log(Level.SEVERE, "A datagram failed by a fault of the server", e);
    }
    return true;
  }

  /** Answers what is in the socket's queue, and closes it in the moment in which that is empty. */
  private void answerTheRest() {
    try {
      channel.configureBlocking(false);
      while (receive()) {
        // and the next
      }
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.FINE, "The socket was closed before its queue was empty", e);
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

  /** Closes the socket, once all that has come until now is answered; waits for that. */
  void close() {
    closing = true;
    try {
      // the loop sits in a receive
      channel.send(ByteBuffer.allocate(0), channel.getLocalAddress());
      if (!ended.await(CLOSE_MS, TimeUnit.MILLISECONDS)) {
        LOG.warning("Datagrams were left unanswered: the loop was busy");
      }
    } catch (ClosedChannelException e) {
      LOG.log(Level.FINEST, "closed already", e);
    } catch (IOException e) {
      LOG.log(Level.FINE, "The loop could not be woken", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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

  /** How many datagrams the kernel threw away before, as its buffer was full; -1 if unknown. */
  public long lost() {
    return KernelLoss.of(port);
  }

  /** How many datagrams were left without an answer: not a request, too large, or too small. */
  public long dropped() {
    return dropped.sum();
  }
}
