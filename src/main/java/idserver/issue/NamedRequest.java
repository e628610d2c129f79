package idserver.issue;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import idserver.counter.CounterKey;
import idserver.rule.Ids;
import java.net.InetAddress;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A request with a {@code request_id}: what it asks for, who waits for its answer, and then its
 * ids. Thread-safe; nobody is told under its lock.
 */
final class NamedRequest implements Receiver {
  /** So many may wait for one answer: a client asks again once or twice, a bad network more. */
  private static final int MOST_WAITING = 8;

  /** About what it takes beside its names and ids, in bytes: objects, and a place in the map. */
  private static final int BYTES_EACH = 192;

  private static final Logger LOG = Logger.getLogger(NamedRequest.class.getName());

  private final Repetitions owner;
  private final String requestId;
  private final CounterKey key;
  private final String salt;
  private final int count;
  private final @Nullable LocalDate bizDate;
  private final long begunNanos;
  // guarded by the owner
  private int bytes;

  @GuardedBy("this")
  private List<Receiver> waiting;

  @GuardedBy("this")
  private @Nullable Ids ids;

  @GuardedBy("this")
  private @Nullable Refusal refusal;

  NamedRequest(
      Repetitions owner,
      String requestId,
      IdRequest request,
      @Nullable LocalDate bizDate,
      long begunNanos,
      Receiver receiver) {
    this.owner = owner;
    this.requestId = requestId;
    this.key = request.key();
    this.salt = request.salt();
    this.count = request.count();
    this.bizDate = bizDate;
    this.begunNanos = begunNanos;
    this.waiting = List.of(receiver);
    // two bytes a char at the most
    int chars = requestId.length() + salt.length() + key.rule().length() + key.app().length();
    this.bytes = BYTES_EACH + 2 * chars;
  }

  String requestId() {
    return requestId;
  }

  long begunNanos() {
    return begunNanos;
  }

  /** About what it takes of the memory. For the owner, under its lock. */
  int bytes() {
    return bytes;
  }

  /** It takes more. For the owner, under its lock. */
  void grow(int more) {
    bytes += more;
  }

  /**
   * Tells the receiver what the first one is told, now or then.
   *
   * @param again what is asked for now
   * @return whether the receiver has been told
   */
  boolean repeat(NamedRequest again, Receiver receiver) {
    if (count != again.count
        || !key.equals(again.key)
        || !salt.equals(again.salt)
        || !Objects.equals(bizDate, again.bizDate)) {
      receiver.refused(Repetitions.REUSED);
      return true;
    }
    Ids told;
    Refusal refused;
    synchronized (this) {
      told = ids;
      refused = refusal;
      if (told == null && refused == null) {
        if (waiting.size() <= MOST_WAITING) {
          waiting = plus(waiting, receiver);
          return false;
        }
        refused = Repetitions.CROWD;
      }
    }
    if (told != null) {
      owner.countAnswered(1);
      receiver.issued(told);
    } else if (refused != null) {
      receiver.refused(refused);
    }
    return true;
  }

  private static List<Receiver> plus(List<Receiver> waiting, Receiver receiver) {
    List<Receiver> more = new ArrayList<>(waiting);
    more.add(receiver);
    return more;
  }

  /** That of the first one, for which it is asked. */
  @Override
  public @Nullable InetAddress source() {
    List<Receiver> asking;
    synchronized (this) {
      asking = waiting;
    }
    return asking.isEmpty() ? null : asking.get(0).source();
  }

  @Override
  public void issued(Ids answer) {
    Ids kept = answer.copy();
    List<Receiver> all;
    synchronized (this) {
      ids = kept;
      all = waiting;
      waiting = List.of();
    }
    owner.grow(this, kept.footprint());
    owner.countAnswered(Math.max(0, all.size() - 1));
    tell(all, receiver -> receiver.issued(kept));
  }

  @Override
  public void refused(Refusal reason) {
    // first, so that who is told and asks again is not told the same
    owner.forget(this);
    tell(refusedTo(reason), receiver -> receiver.refused(reason));
  }

  /** The desk has failed, and tells the first one itself. */
  void fail() {
    owner.forget(this);
    List<Receiver> all = refusedTo(Issuance.FAULT);
    tell(all.subList(Math.min(1, all.size()), all.size()), r -> r.refused(Issuance.FAULT));
  }

  private synchronized List<Receiver> refusedTo(Refusal reason) {
    refusal = reason;
    List<Receiver> all = waiting;
    waiting = List.of();
    return all;
  }

  /** One who fails must not keep the others from their answers. */
  private static void tell(List<Receiver> receivers, Consumer<Receiver> answer) {
    for (Receiver receiver : receivers) {
      try {
        answer.accept(receiver);
      } catch (RuntimeException e) {
        LOG.log(
            Level.SEVERE,
            "An answer failed by a fault of the server. This is a bug: report it with the log",
            e);
      }
    }
  }
}
