package idserver.udp;

import idserver.issue.Desk;
import idserver.issue.IdService;
import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.issue.Tally;
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
 * One socket and the thread that reads it: receives one datagram after the other and hands each to
 * an {@link Exchange}. Confined to its thread but for what says otherwise; answers may be sent by
 * any.
 */
final class UdpLoop implements Runnable {
  private static final Logger LOG = Logger.getLogger(UdpLoop.class.getName());

  private static final Refusal FAULT =
      new Refusal(RefusalKind.RULE_ERROR, "fault of the server: see its log");

  private final DatagramChannel channel;
  private final IdService service;
  private final ErrorLimit errors;
  private final Tally tally;

  // these belong to the loop; one byte more than is allowed shows that there was more
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(UdpListener.LARGEST_DATAGRAM + 1);
  private final byte[] bytes = new byte[UdpListener.LARGEST_DATAGRAM + 1];
  private final Desk desk;
  private final RequestDecoder decoder = new RequestDecoder();
  private final byte[] ownAnswer = new byte[UdpListener.LARGEST_DATAGRAM];
  private final ByteBuffer toSend = ByteBuffer.allocateDirect(UdpListener.LARGEST_DATAGRAM);
  private @Nullable Exchange spare;
  private volatile @Nullable Thread loop;

  private final LongAdder received = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private final LongAdder suppressed = new LongAdder();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean closing;

  UdpLoop(DatagramChannel channel, IdService service, Desk desk, ErrorLimit errors, Tally tally) {
    this.channel = channel;
    this.service = service;
    this.desk = desk;
    this.errors = errors;
    this.tally = tally;
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
      LOG.log(
          Level.SEVERE,
          "A datagram failed by a fault of the server. This is a bug: report it with the log",
          e);
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
    if (length > UdpListener.LARGEST_DATAGRAM) {
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
        LOG.log(
            Level.SEVERE,
            "A datagram failed by a fault of the server. This is a bug: report it with the log",
            e);
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
    return Thread.currentThread() == loop ? ownAnswer : new byte[UdpListener.LARGEST_DATAGRAM];
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

  /** Where answers are counted. Any thread. */
  Tally tally() {
    return tally;
  }

  /** Counts a request that no answer fits. */
  void drop() {
    dropped.increment();
  }

  /** Whether that client is told of one more bad request; counts it if not. Any thread. */
  boolean allowsError(SocketAddress to) {
    boolean allowed = errors.allows(to);
    if (!allowed) {
      suppressed.increment();
    }
    return allowed;
  }

  /** From now on what has come is answered, and then the socket is closed. Any thread. */
  void endWhenAnswered() {
    closing = true;
  }

  /**
   * Waits until that is done; any thread.
   *
   * @return whether it is
   */
  boolean awaitEnd(long nanos) throws InterruptedException {
    return ended.await(nanos, TimeUnit.NANOSECONDS);
  }

  /** Closes the socket at once, whatever has come. Any thread. */
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.FINE, "The socket could not be closed", e);
    }
  }

  /** The receive buffer that the kernel has granted, in bytes. Any thread. */
  int receiveBuffer() throws IOException {
    return channel.getOption(StandardSocketOptions.SO_RCVBUF);
  }

  /** Whether datagrams are received. Any thread. */
  boolean isOpen() {
    return channel.isOpen();
  }

  /** How many datagrams have been received. Any thread. */
  long received() {
    return received.sum();
  }

  /** How many datagrams were left without an answer. Any thread. */
  long dropped() {
    return dropped.sum();
  }

  /** How many errors were not sent as there were too many. Any thread. */
  long suppressed() {
    return suppressed.sum();
  }
}
