package idserver.issue;

import idserver.counter.Counter;
import idserver.counter.Moment;
import idserver.counter.Numbering;
import idserver.counter.Waiting;
import idserver.rule.Draws;
import idserver.rule.Ids;
import idserver.rule.Rule;
import idserver.rule.RuleException;
import idserver.timeid.TimeIdRefusal;
import idserver.timeid.TimeIdSettings;
import java.time.LocalDate;
import java.util.Arrays;
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
  static final Refusal TOO_MANY_OF_ONE =
      new Refusal(
          RefusalKind.TOO_MANY,
          "too many new app_names from this network (max_counters_per_network)");
  static final Refusal FULL =
      new Refusal(RefusalKind.TOO_MANY, "too many requests wait for the database (queue_size)");

  static final Refusal FAULT =
      new Refusal(RefusalKind.RULE_ERROR, "fault of the server: see its log");

  // beside the answers of a counter, which are above this: no time id for the script
  private static final long NO_TIME_ID = -100;

  private static final Logger LOG = Logger.getLogger(Issuance.class.getName());

  private final IdIssuer issuer;
  private final Ids ids = new Ids();

  private Rule rule;
  private Counter counter;
  private String salt;
  private int count;
  private long deadlineNanos;
  private Receiver receiver;
  // the business day; null where it is the present one
  private @Nullable LocalDate bizDate;

  private @Nullable Moment moment;
  private long period;

  // what the script of the id under way has drawn, to be given to it again if it has to run again
  private long[] drawn = new long[1];
  private int drawnCount;
  private int replayed;
  private long stop;
  private Refusal timeIdRefusal = UNAVAILABLE;

  /** The first request; for the others, {@link #begin}. */
  Issuance(
      IdIssuer issuer,
      Rule rule,
      Counter counter,
      String salt,
      int count,
      long patienceNanos,
      Receiver receiver) {
    this.issuer = issuer;
    begin(rule, counter, salt, count, patienceNanos, receiver);
  }

  /** Begins with the next request, when the one before has been answered by its own thread. */
  void begin(
      Rule rule, Counter counter, String salt, int count, long patienceNanos, Receiver receiver) {
    this.rule = rule;
    this.counter = counter;
    this.salt = salt;
    this.count = count;
    this.deadlineNanos = System.nanoTime() + patienceNanos;
    this.receiver = receiver;
    moment = null;
  }

  /** Has the request, which was just begun, be of that business day; null for the present one. */
  void date(@Nullable LocalDate day) {
    bizDate = day;
  }

  /** Goes on as far as there are numbers. False when it has been parked: others have it now. */
  boolean run() {
    try {
      Progress progress;
      do {
        // a block came, or the period went on, between the draw and the look at it: again
        progress = advance();
      } while (progress == Progress.AGAIN);
      return progress == Progress.TOLD;
    } catch (RuleException e) {
      refuse(new Refusal(RefusalKind.RULE_ERROR, e.getMessage()));
    } catch (RuntimeException e) {
      LOG.log(
          Level.SEVERE,
          "A request failed by a fault of the server. This is a bug: report it with the log",
          e);
      refuse(FAULT);
    }
    return true;
  }

  private enum Progress {
    TOLD,
    PARKED,
    AGAIN
  }

  private Progress advance() throws RuleException {
    Moment now = beginOrGoOn();
    if (now == null) {
      return refuse(closedDay());
    }
    replayed = 0;
    if (!rule.createIds(this, now, salt, count, ids)) {
      return stopped();
    }
    try {
      receiver.issued(ids);
    } catch (RuntimeException e) {
      answerFailed(e);
    }
    return Progress.TOLD;
  }

  /** A receiver's own failure must not reach the other requests of this thread. */
  private static void answerFailed(RuntimeException e) {
    LOG.log(
        Level.SEVERE,
        "An answer failed by a fault of the server. This is a bug: report it with the log",
        e);
  }

  /**
   * The request's moment; a new one, and all from the start, when the period has gone on. Null
   * where its business day is not open.
   */
  private @Nullable Moment beginOrGoOn() {
    // asked first: the moment may be later than this period, and not before it
    long earliest = counter.period();
    Numbering numbering = rule.numbering();
    Moment now = counter.clamp(issuer.clock().now(), numbering);
    long start = Math.max(earliest, numbering.period().startOf(now.local()));
    if (moment == null || start != period) {
      moment = bizDate == null ? now : BusinessDay.moment(rule, bizDate, now, start);
      period = start;
      ids.clear();
      drawnCount = 0;
    }
    return moment;
  }

  private Progress stopped() {
    if (stop == Counter.MOVED_ON) {
      return Progress.AGAIN;
    }
    if (stop == Counter.EXHAUSTED) {
      return refuse(exhausted(rule.numbering()));
    }
    if (stop == NO_TIME_ID) {
      return refuse(timeIdRefusal);
    }
    if (stop == Counter.CLOSED) {
      return refuse(NOT_READY);
    }
    return switch (counter.park(this, rule.numbering(), period)) {
      // from here on this request may already be running on another thread
      case PARKED -> Progress.PARKED;
      case RETRY -> Progress.AGAIN;
      case FULL -> refuse(FULL);
      case HOPELESS -> unavailable(UNAVAILABLE);
      case CLOSED -> refuse(NOT_READY);
    };
  }

  private Refusal closedDay() {
    return bizDate == null ? FAULT : BusinessDay.closed(rule, bizDate);
  }

  private Progress unavailable(Refusal refusal) {
    issuer.storeRefused();
    return refuse(refusal);
  }

  private Progress refuse(Refusal refusal) {
    try {
      receiver.refused(refusal);
    } catch (RuntimeException e) {
      answerFailed(e);
    }
    return Progress.TOLD;
  }

  static Refusal exhausted(Numbering numbering) {
    return new Refusal(
        RefusalKind.EXHAUSTED,
        "max_counter "
            + numbering.range().max()
            + " reached; the counter starts again: "
            + numbering.period());
  }

  @Override
  public void idMade() {
    drawnCount = 0;
    replayed = 0;
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
    return count - ids.size();
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
