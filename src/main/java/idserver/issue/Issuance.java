package idserver.issue;

import idserver.counter.Counter;
import idserver.counter.Moment;
import idserver.counter.Numbering;
import idserver.counter.Waiting;
import idserver.rule.Draws;
import idserver.rule.Rule;
import idserver.rule.RuleException;
import idserver.timeid.TimeIdRefusal;
import idserver.timeid.TimeIdSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to its ids, from one moment of one period. Confined to the thread that
 * runs it; while it is parked it belongs to the counter, and to the thread that resumes it
 * afterwards.
 */
final class Issuance implements Waiting, Draws {
  static final Refusal NOT_READY =
      new Refusal(RefusalKind.NOT_READY, "the server is starting or stopping: ask another");
  static final Refusal UNAVAILABLE =
      new Refusal(RefusalKind.STORAGE_UNAVAILABLE, "the database does not answer: ask another");
  static final Refusal LATE =
      new Refusal(
          RefusalKind.STORAGE_UNAVAILABLE,
          "no number came from the database in time: ask again, or another");
  static final Refusal TOO_MANY_NAMES =
      new Refusal(RefusalKind.TOO_MANY, "too many app_names in use (max_counters)");
  static final Refusal FULL =
      new Refusal(RefusalKind.TOO_MANY, "too many requests wait for the database (queue_size)");

  // beside the answers of a counter, which are above this: no time id for the script
  private static final long NO_TIME_ID = -100;

  private static final Logger LOG = Logger.getLogger(Issuance.class.getName());

  private final IdRequest request;
  private final Rule rule;
  private final Counter counter;
  private final IdIssuer issuer;
  private final Receiver receiver;
  private final long deadlineNanos;

  private @Nullable Moment moment;
  private long period;
  private final List<String> ids;

  // what the script of the id under way has drawn, to be given to it again if it has to run again
  private long[] drawn = new long[1];
  private int drawnCount;
  private int replayed;
  private long stop;
  private Refusal timeIdRefusal = UNAVAILABLE;

  Issuance(IdRequest request, Rule rule, Counter counter, IdIssuer issuer, Receiver receiver) {
    this.request = request;
    this.rule = rule;
    this.counter = counter;
    this.issuer = issuer;
    this.receiver = receiver;
    this.deadlineNanos = System.nanoTime() + request.patienceNanos();
    this.ids = new ArrayList<>(Math.min(request.count(), 1000));
  }

  void run() {
    try {
      while (!advance()) {
        // a block came, or the period went on, between the draw and the look at it: again
      }
    } catch (RuleException e) {
      refuse(new Refusal(RefusalKind.RULE_ERROR, e.getMessage()));
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, "A request failed by a fault of the server", e);
      refuse(new Refusal(RefusalKind.RULE_ERROR, "fault of the server: see its log"));
    }
  }

  /** Goes on as far as there are numbers. True when the request has been answered or parked. */
  private boolean advance() throws RuleException {
    Moment now = beginOrGoOn();
    while (ids.size() < request.count()) {
      replayed = 0;
      String id = rule.createId(this, now, request.salt());
      if (id == null) {
        return stopped();
      }
      ids.add(id);
      drawnCount = 0;
    }
    tell(() -> receiver.issued(ids));
    return true;
  }

  /** Tells the receiver: its own failure must not reach the other requests of this thread. */
  private static void tell(Runnable answer) {
    try {
      answer.run();
    } catch (RuntimeException e) {
      LOG.log(Level.SEVERE, "An answer failed by a fault of the server", e);
    }
  }

  /** The request's moment; a new one, and all from the start, when the period has gone on. */
  private Moment beginOrGoOn() {
    // asked first: the moment may be later than this period, and not before it
    long earliest = counter.period();
    Moment now = counter.clamp(issuer.clock().now());
    long start = Math.max(earliest, rule.numbering().period().startOf(now.local()));
    if (moment == null || start != period) {
      moment = now;
      period = start;
      ids.clear();
      drawnCount = 0;
    }
    return moment;
  }

  private boolean stopped() {
    if (stop == Counter.MOVED_ON) {
      return false;
    }
    if (stop == Counter.EXHAUSTED) {
      return refuse(exhausted());
    }
    if (stop == NO_TIME_ID) {
      return refuse(timeIdRefusal);
    }
    if (stop == Counter.CLOSED) {
      return refuse(NOT_READY);
    }
    return switch (counter.park(this, rule.numbering(), period)) {
      // from here on this request may already be running on another thread
      case PARKED -> true;
      case RETRY -> false;
      case FULL -> refuse(FULL);
      case HOPELESS -> unavailable(UNAVAILABLE);
      case CLOSED -> refuse(NOT_READY);
    };
  }

  private boolean unavailable(Refusal refusal) {
    issuer.storeRefused();
    return refuse(refusal);
  }

  private boolean refuse(Refusal refusal) {
    tell(() -> receiver.refused(refusal));
    return true;
  }

  private Refusal exhausted() {
    Numbering numbering = rule.numbering();
    return new Refusal(
        RefusalKind.EXHAUSTED,
        "max_counter "
            + numbering.range().max()
            + " reached; the counter starts again: "
            + numbering.period());
  }

  @Override
  public long next() {
    if (replayed < drawnCount) {
      return drawn[replayed++];
    }
    long number = counter.draw(rule.numbering(), period);
    if (number < 0) {
      stop = number;
      return STOP;
    }
    if (drawnCount == drawn.length) {
      drawn = Arrays.copyOf(drawn, drawnCount * 2);
    }
    drawn[drawnCount++] = number;
    replayed = drawnCount;
    return number;
  }

  @Override
  public long nextTimeId() {
    TimeIdSettings settings = rule.timeIds().orElse(null);
    if (settings == null) {
      timeIdRefusal = new Refusal(RefusalKind.RULE_ERROR, rule.file() + ": no time ids here");
      stop = NO_TIME_ID;
      return STOP;
    }
    long id = issuer.timeIds().next(counter.key(), settings);
    if (id < 0) {
      timeIdRefusal = TimeIdIssue.refusal(TimeIdRefusal.of(id));
      stop = NO_TIME_ID;
      return STOP;
    }
    return id;
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  @Override
  public int demand() {
    return request.count() - ids.size();
  }

  @Override
  public void resume() {
    run();
  }

  @Override
  public void giveUp() {
    unavailable(LATE);
  }

  @Override
  public void closed() {
    refuse(NOT_READY);
  }
}
