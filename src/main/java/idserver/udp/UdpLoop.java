package idserver.udp;

import idserver.issue.Desk;
import idserver.issue.IdService;
import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.issue.Tally;
import idserver.wire.BadRequest;
import idserver.wire.DatedWireRequest;
import idserver.wire.Decoded;
import idserver.wire.NotAnObject;
import idserver.wire.RepeatableRequest;
import idserver.wire.RequestDecoder;
import idserver.wire.SettleWireRequest;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One socket and the thread that reads it: receives datagrams and hands each to an {@link
 * Exchange}. Confined to its thread but for what says otherwise; answers may be sent by any.
 *
 * <p>While many come, they are received together, worked off together and answered together: each
 * of the three parts, the kernel's above all, then finds its own code and data in the caches of the
 * processor.
 */
final class UdpLoop implements Runnable {
  private static final Logger LOG = Logger.getLogger(UdpLoop.class.getName());

  private static final Refusal FAULT =
      new Refusal(RefusalKind.RULE_ERROR, "fault of the server: see its log");

  /** As long as at least so many come together, it is looked for more each time. */
  private static final int MANY = 5;

  /** While fewer come, it is looked for more once in so many times. */
  private static final int LOOK_EVERY = 64;

  /** How often an answer is tried that finds the buffer of the socket full. */
  private static final int TRIES = 100;

  private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(20);

  private final DatagramChannel channel;
  private final IdService service;
  private final ErrorLimit errors;
  private final Tally tally;

  // these belong to the loop
  private final Inbox inbox = new Inbox();
  private final Outbox outbox = new Outbox();
  private final Desk desk;
  private final RequestDecoder decoder = new RequestDecoder();
  private final byte[] ownAnswer = new byte[UdpListener.LARGEST_DATAGRAM];
  private final BiConsumer<ByteBuffer, SocketAddress> sender = this::send;
  private @Nullable Exchange spare;
  private boolean busy;
  private int looked;
  private long arrivedNanos;
  private int served;
  private int ids;
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
        serve();
      }
      answerTheRest();
    } finally {
      ended.countDown();
    }
  }

  /** Waits for a datagram, and answers it and those that have come with it. */
  private void serve() {
    try {
      if (inbox.receive(channel) && (busy || ++looked == LOOK_EVERY)) {
        looked = 0;
        receiveMore();
        busy = inbox.size() >= MANY;
      }
    } catch (ClosedChannelException e) {
      LOG.log(Level.FINE, "The socket was closed");
    } catch (IOException e) {
      LOG.log(Level.FINE, "A datagram could not be received", e);
    }
    workOff();
  }

  /** Receives what else has come, as far as there is room. */
  private void receiveMore() throws IOException {
    channel.configureBlocking(false);
    try {
      while (!inbox.isFull() && inbox.receive(channel)) {
        // and the next
      }
    } finally {
      channel.configureBlocking(true);
    }
  }

  /** Answers what is in the socket's queue, and closes it in the moment in which that is empty. */
  private void answerTheRest() {
    try {
      receiveMore();
      while (inbox.size() > 0) {
        workOff();
        receiveMore();
      }
      channel.close();
    } catch (IOException e) {
      LOG.log(Level.FINE, "The socket was closed before its queue was empty", e);
    }
  }

  /** Answers what has been received. */
  private void workOff() {
    arrivedNanos = System.nanoTime();
    int answered = 0;
    for (int i = 0; i < inbox.size(); i++) {
      int length = inbox.length(i);
      if (closing && length == 0) {
        // our own, to wake us, or one that gets no answer
        continue;
      }
      answered++;
      accept(inbox.datagram(i), length, inbox.sender(i));
    }
    inbox.clear();
    received.add(answered);
    flush();
  }

  private void flush() {
    outbox.empty(sender);
    if (served > 0) {
      tally.issued(served, ids, System.nanoTime() - arrivedNanos);
      served = 0;
      ids = 0;
    }
  }

  private void accept(byte[] datagram, int length, SocketAddress from) {
    if (length == Inbox.CUT) {
      dropped.increment();
      return;
    }
    Exchange exchange = null;
    try {
      Decoded decoded = decoder.decode(datagram, 0, length);
      if (decoded instanceof WireRequest request) {
        exchange = exchange(from, length, request);
        if (exchange.deliver(request, service, desk)) {
          spare = exchange;
        }
      } else if (decoded instanceof RepeatableRequest request) {
        exchange = exchange(from, length, request.request());
        if (exchange.deliver(request, service, desk)) {
          spare = exchange;
        }
      } else if (decoded instanceof DatedWireRequest request) {
        exchange = exchange(from, length, request.request());
        if (exchange.deliver(request, service, desk)) {
          spare = exchange;
        }
      } else if (decoded instanceof SettleWireRequest request) {
        exchange = exchange(from, length, request.request());
        exchange.deliver(request, service);
      } else if (decoded instanceof BadRequest bad) {
        if (tellsOf(bad.kind(), from)) {
          new Exchange(this, from, length, arrivedNanos, bad.seq(), 0).tell(bad.refusal());
        }
      } else if (decoded instanceof NotAnObject) {
        dropped.increment();
      }
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      // whatever it is: the next datagram is another one's
      LOG.log(
          Level.SEVERE,
          "A datagram failed by a fault of the server. This is a bug: report it with the log",
          e);
      if (exchange != null) {
        exchange.refused(FAULT);
      }
    }
  }

  private Exchange exchange(SocketAddress from, int length, WireRequest request) {
    Exchange exchange = spare;
    spare = null;
    if (exchange == null) {
      return new Exchange(this, from, length, arrivedNanos, request.seq(), request.count());
    }
    exchange.begin(from, length, arrivedNanos, request.seq(), request.count());
    return exchange;
  }

  /** Where the calling thread writes its next answer: room for the largest datagram. */
  byte[] answer() {
    return Thread.currentThread() == loop ? ownAnswer : new byte[UdpListener.LARGEST_DATAGRAM];
  }

  /** Sends an answer; the loop's own with those of the other datagrams it works off. Any thread. */
  void send(byte[] answer, int length, SocketAddress to) {
    if (answer != ownAnswer) {
      send(ByteBuffer.wrap(answer, 0, length), to);
      return;
    }
    if (outbox.isFull()) {
      flush();
    }
    outbox.add(answer, length, to);
  }

  private void send(ByteBuffer answer, SocketAddress to) {
    try {
      // nothing is sent by a full buffer in the moments in which the socket does not block
      for (int i = 0; channel.send(answer, to) == 0; i++) {
        if (i == TRIES) {
          dropped.increment();
          return;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (ClosedChannelException e) {
      LOG.log(Level.FINE, "The socket was closed before an answer was sent");
    } catch (IOException e) {
      dropped.increment();
      LOG.log(Level.FINE, "An answer could not be sent to " + to, e);
    }
  }

  /**
   * Counts a request that was answered with ids. Any thread.
   *
   * @param begunNanos when it came
   */
  void issued(int count, long begunNanos) {
    if (Thread.currentThread() == loop && begunNanos == arrivedNanos) {
      served++;
      ids += count;
    } else {
      tally.issued(1, count, System.nanoTime() - begunNanos);
    }
  }

  /** Where other answers are counted. Any thread. */
  Tally tally() {
    return tally;
  }

  /** Counts a request that no answer fits. */
  void drop() {
    dropped.increment();
  }

  /**
   * Counts a refusal, and whether the client is told of it: not of one bad request after the other.
   * Any thread.
   */
  boolean tellsOf(RefusalKind kind, SocketAddress to) {
    tally.refused(kind);
    // what the server is to blame for is always told
    if (!kind.isOfTheRequest() || errors.allows(to)) {
      return true;
    }
    suppressed.increment();
    return false;
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
