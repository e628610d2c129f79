package idserver.issue;

import idserver.counter.CounterKey;
import idserver.timeid.TimeIdFormat;
import java.util.Optional;

/** What every transport asks of the server. Thread-safe; never waits. */
public interface IdService {
  /** Issues ids: tells the receiver now, or later when a block has to be waited for. */
  void issue(IdRequest request, Receiver receiver);

  /**
   * The same for a request with a {@code request_id}, 1 byte or more: a repetition is given the ids
   * of the first one as long as that is remembered, and refused as {@link
   * RefusalKind#REQUEST_ID_REUSED} when it asks for something else.
   */
  void issue(String requestId, IdRequest request, Receiver receiver);

  /**
   * The same for a request of a business day, as far as its rule allows it; {@link
   * RefusalKind#BIZ_DATE_CLOSED} where it does not.
   */
  void issue(DatedRequest request, Receiver receiver);

  /**
   * Has a number of a gap-free rule be used for good: tells the receiver later, once that is
   * durable. Who confirms again is told the same.
   *
   * @param requestId the one of the request that was given the number; empty is refused
   * @param patienceNanos how long it may wait for the database before it is refused
   */
  void confirm(CounterKey key, String requestId, long patienceNanos, SettleReceiver receiver);

  /** Gives a number of a gap-free rule back, in the same way: the next request gets it. */
  void cancel(CounterKey key, String requestId, long patienceNanos, SettleReceiver receiver);

  /** Tells the receiver, now or later, how far a counter is. Creates nothing. */
  void monitor(CounterKey key, MonitorReceiver receiver);

  /**
   * How long an id of that rule is, in bytes of UTF-8, as far as it is known: 1 for an unknown
   * rule. For transports whose answers are bounded.
   */
  int idLength(String ruleName);

  /** How the ids of that rule look, or empty when it is not a rule of type {@code time}. */
  Optional<TimeIdFormat> timeIdFormat(String ruleName);
}
