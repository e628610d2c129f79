package idserver.udp;

import idserver.issue.IdRequest;
import idserver.issue.IdService;
import idserver.issue.MonitorReceiver;
import idserver.issue.Receiver;
import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.wire.Action;
import idserver.wire.AnswerEncoder;
import idserver.wire.Seq;
import idserver.wire.WireRequest;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One datagram on its way to its answer, which is one datagram. Told once, by any thread.
 *
 * <p>An answer never makes a small request a large one: ids are bounded by the datagram, and an
 * error is no longer than the request was.
 */
final class Exchange implements Receiver, MonitorReceiver {
  /** How long a request waits for a block: a client of UDP has the next server to ask. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(35);

  private static final int LIMIT = UdpListener.LARGEST_DATAGRAM;

  private final UdpListener listener;
  private final SocketAddress from;
  private final int requestLength;
  private final Seq seq;
  private final int count;

  /**
   * @param count 0 for one id that is not in a list
   */
  Exchange(UdpListener listener, SocketAddress from, int requestLength, Seq seq, int count) {
    this.listener = listener;
    this.from = from;
    this.requestLength = requestLength;
    this.seq = seq;
    this.count = count;
  }

  void deliver(WireRequest request, IdService service) {
    if (request.action() == Action.MONITOR) {
      service.monitor(request.ruleName(), request.appName(), this);
      return;
    }
    if (count > 1) {
      int most = AnswerEncoder.mostIdsOf(service.idLength(request.ruleName()), seq, LIMIT);
      if (count > most) {
        refused(tooMany(most));
        return;
      }
    }
    service.issue(
        new IdRequest(
            request.ruleName(),
            request.appName(),
            request.salt(),
            Math.max(1, count),
            PATIENCE_NANOS),
        this);
  }

  @Override
  public void issued(List<String> ids) {
    byte[] answer = count == 0 ? AnswerEncoder.one(ids.get(0), seq) : AnswerEncoder.many(ids, seq);
    if (answer.length > LIMIT) {
      // the rule's ids have grown since its length was measured
      int longest = ids.stream().mapToInt(AnswerEncoder::sizeOfId).max().orElse(1);
      refused(tooMany(AnswerEncoder.mostIdsOf(longest, seq, LIMIT)));
      return;
    }
    listener.send(answer, answer.length, from);
  }

  private static Refusal tooMany(int most) {
    return new Refusal(RefusalKind.BAD_FIELD, "count: at most " + most + " fit a datagram");
  }

  @Override
  public void counted(long counter, int nodeOffset) {
    byte[] answer = AnswerEncoder.monitor(counter, nodeOffset, seq);
    listener.send(answer, answer.length, from);
  }

  @Override
  public void refused(Refusal refusal) {
    byte[] answer = new byte[requestLength];
    int length = AnswerEncoder.refused(refusal, seq, answer, 0, answer.length);
    if (length == 0) {
      listener.drop();
      return;
    }
    listener.send(answer, length, from);
  }
}
