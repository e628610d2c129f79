package idserver.udp;

import idserver.issue.DatedRequest;
import idserver.issue.Desk;
import idserver.issue.IdRequest;
import idserver.issue.IdService;
import idserver.issue.MonitorReceiver;
import idserver.issue.Receiver;
import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.issue.SettleReceiver;
import idserver.rule.Ids;
import idserver.wire.Action;
import idserver.wire.AnswerEncoder;
import idserver.wire.DatedWireRequest;
import idserver.wire.RepeatableRequest;
import idserver.wire.Seq;
import idserver.wire.SettleWireRequest;
import idserver.wire.WireRequest;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One datagram on its way to its answer, which is one datagram. Told once, by any thread.
 *
 * <p>An answer never makes a small request a large one: ids are bounded by the datagram, and an
 * error is no longer than the request was. Who sends bad requests without end is told so many times
 * a second and no more.
 */
final class Exchange implements Receiver, MonitorReceiver, SettleReceiver {
  /** How long a request waits for a block: a client of UDP has the next server to ask. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(35);

  private static final int LIMIT = UdpListener.LARGEST_DATAGRAM;

  private final UdpLoop loop;
  private SocketAddress from;
  private int requestLength;
  private Seq seq;
  private int count;
  private long begunNanos;

  Exchange(
      UdpLoop loop, SocketAddress from, int requestLength, long begunNanos, Seq seq, int count) {
    this.loop = loop;
    begin(from, requestLength, begunNanos, seq, count);
  }

  /**
   * Begins with another datagram, when the one before has been answered.
   *
   * @param begunNanos when it came
   * @param count 0 for one id that is not in a list
   */
  void begin(SocketAddress from, int requestLength, long begunNanos, Seq seq, int count) {
    this.from = from;
    this.requestLength = requestLength;
    this.seq = seq;
    this.count = count;
    this.begunNanos = begunNanos;
  }

  /** Asks for the answer. False when another thread gives it, which then has this exchange. */
  boolean deliver(WireRequest request, IdService service, Desk desk) {
    if (request.action() == Action.MONITOR) {
      service.monitor(request.key(), this);
      return false;
    }
    return isTooMany(request, service)
        || desk.issue(request.key(), request.salt(), Math.max(1, count), PATIENCE_NANOS, this);
  }

  /** The same for a request that may come again. */
  boolean deliver(RepeatableRequest repeatable, IdService service, Desk desk) {
    WireRequest request = repeatable.request();
    return isTooMany(request, service)
        || desk.issue(
            repeatable.requestId(),
            request.key(),
            request.salt(),
            Math.max(1, count),
            PATIENCE_NANOS,
            this);
  }

  /** The same for a request of a business day. */
  boolean deliver(DatedWireRequest dated, IdService service, Desk desk) {
    WireRequest request = dated.request();
    IdRequest asked =
        new IdRequest(request.key(), request.salt(), Math.max(1, count), PATIENCE_NANOS);
    return isTooMany(request, service)
        || desk.issue(new DatedRequest(dated.bizDate(), dated.requestId(), asked), this);
  }

  /** Settles what became of a number; another thread tells, which then has this exchange. */
  void deliver(SettleWireRequest settle, IdService service) {
    WireRequest request = settle.request();
    if (request.action() == Action.CONFIRM) {
      service.confirm(request.key(), settle.requestId(), PATIENCE_NANOS, this);
    } else {
      service.cancel(request.key(), settle.requestId(), PATIENCE_NANOS, this);
    }
  }

  /** Whether so many ids do not fit the answer; tells so. */
  private boolean isTooMany(WireRequest request, IdService service) {
    if (count <= 1) {
      return false;
    }
    int most = AnswerEncoder.mostIdsOf(service.idLength(request.key().rule()), seq, LIMIT);
    if (count <= most) {
      return false;
    }
    refused(tooMany(most));
    return true;
  }

  @Override
  public void issued(Ids ids) {
    byte[] answer = loop.answer();
    int length =
        count == 0
            ? AnswerEncoder.one(ids, seq, answer, 0, LIMIT)
            : AnswerEncoder.many(ids, seq, answer, 0, LIMIT);
    if (length == 0) {
      // the rule's ids have grown since its length was measured
      refused(tooMany(AnswerEncoder.mostIdsOf(ids.longest() + ids.escapes(), seq, LIMIT)));
      return;
    }
    loop.send(answer, length, from);
    loop.issued(ids.size(), begunNanos);
  }

  @Override
  public void confirmed(Ids id) {
    byte[] answer = loop.answer();
    loop.send(answer, AnswerEncoder.one(id, seq, answer, 0, LIMIT), from);
    loop.tally().settled();
  }

  @Override
  public void cancelled() {
    byte[] answer = loop.answer();
    loop.send(answer, AnswerEncoder.done(seq, answer, 0, LIMIT), from);
    loop.tally().settled();
  }

  private static Refusal tooMany(int most) {
    return new Refusal(RefusalKind.BAD_FIELD, "count: at most " + most + " fit a datagram");
  }

  @Override
  public @Nullable InetAddress source() {
    return from instanceof InetSocketAddress address ? address.getAddress() : null;
  }

  @Override
  public void counted(long counter, int nodeOffset) {
    byte[] answer = loop.answer();
    int length = AnswerEncoder.monitor(counter, nodeOffset, seq, answer, 0, LIMIT);
    loop.send(answer, length, from);
    loop.tally().counted();
  }

  @Override
  public void refused(Refusal refusal) {
    if (loop.tellsOf(refusal.kind(), from)) {
      tell(refusal);
    }
  }

  /** Sends that refusal, which has been counted. */
  void tell(Refusal refusal) {
    byte[] answer = loop.answer();
    int length = AnswerEncoder.refused(refusal, seq, answer, 0, requestLength);
    if (length == 0) {
      loop.drop();
      return;
    }
    loop.send(answer, length, from);
  }
}
