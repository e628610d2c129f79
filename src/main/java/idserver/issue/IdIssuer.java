package idserver.issue;

import idserver.counter.Counter;
import idserver.counter.CounterKey;
import idserver.counter.Counters;
import idserver.counter.SteadyClock;
import idserver.gapfree.Holds;
import idserver.rule.Ids;
import idserver.rule.Rule;
import idserver.rule.RuleBook;
import idserver.rule.Rules;
import idserver.rule.TimeRule;
import idserver.strict.Lines;
import idserver.timeid.TimeIdFormat;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one use case: finds the rule, draws from its counter, answers. Thread-safe; never waits. A
 * request that finds no block is parked and answered later by the thread that brings one.
 */
public final class IdIssuer implements IdService {
  /** Digits of 2^63 - 1. */
  private static final int LONGEST_TIME_ID = 19;

  private final Rules rules;
  private final Counters counters;
  private final SteadyClock clock;
  private final StoredCounters stored;
  private final TimeIdIssue timeIds;
  private final NewNames newNames;
  private final int nodeOffset;
  private final Repetitions repetitions;
  // null where there is no store of holds
  private final @Nullable GapFreeIds gapFree;
  // null where there is nothing that reserves for it
  private final @Nullable StrictIds strict;
  private volatile boolean open;
  private volatile long storeRefusalNanos = System.nanoTime();

  /**
   * An issuer without time ids, and without gap-free and strict ones.
   *
   * @param nodeOffset {@code id_offset} of this server
   */
  public IdIssuer(
      Rules rules, Counters counters, SteadyClock clock, StoredCounters stored, int nodeOffset) {
    this(
        rules,
        counters,
        clock,
        stored,
        TimeIdSource.NONE,
        new NewNames(Integer.MAX_VALUE, 0),
        RepetitionSettings.DEFAULT,
        null,
        null,
        nodeOffset);
  }

  /**
   * As the other one, without gap-free and strict ids.
   *
   * @param newNames how many namespaces a network may bring
   * @param repeating how much of answered requests is remembered
   * @param nodeOffset {@code id_offset} of this server
   */
  public IdIssuer(
      Rules rules,
      Counters counters,
      SteadyClock clock,
      StoredCounters stored,
      TimeIdSource timeIds,
      NewNames newNames,
      RepetitionSettings repeating,
      int nodeOffset) {
    this(rules, counters, clock, stored, timeIds, newNames, repeating, null, null, nodeOffset);
  }

  /**
   * @param newNames how many namespaces a network may bring
   * @param repeating how much of answered requests is remembered
   * @param holds who settles gap-free ids; null where there are none
   * @param lines where requests wait for strict numbers; null where there are none
   * @param nodeOffset {@code id_offset} of this server
   */
  public IdIssuer(
      Rules rules,
      Counters counters,
      SteadyClock clock,
      StoredCounters stored,
      TimeIdSource timeIds,
      NewNames newNames,
      RepetitionSettings repeating,
      @Nullable Holds holds,
      @Nullable Lines lines,
      int nodeOffset) {
    this.rules = rules;
    this.counters = counters;
    this.clock = clock;
    this.stored = stored;
    this.timeIds = new TimeIdIssue(timeIds, newNames);
    this.newNames = newNames;
    this.nodeOffset = nodeOffset;
    this.repetitions = new Repetitions(repeating, System::nanoTime);
    this.gapFree = holds == null ? null : new GapFreeIds(holds, this::storeRefused);
    this.strict = lines == null ? null : new StrictIds(lines, clock, this::storeRefused);
  }

  /** From now on requests are served; before they are refused as {@link RefusalKind#NOT_READY}. */
  public void open() {
    open = true;
  }

  /** From now on requests are refused as {@link RefusalKind#NOT_READY}. */
  public void close() {
    open = false;
  }

  /** Whether requests are served. */
  public boolean isOpen() {
    return open;
  }

  /** When a request was last refused for want of the store, by {@link System#nanoTime}. */
  public long storeRefusalNanos() {
    return storeRefusalNanos;
  }

  void storeRefused() {
    storeRefusalNanos = System.nanoTime();
  }

  @Override
  public Optional<TimeIdFormat> timeIdFormat(String ruleName) {
    return Optional.ofNullable(rules.current().findTimeRule(ruleName))
        .map(rule -> rule.timeIds().format());
  }

  TimeIdIssue timeIds() {
    return timeIds;
  }

  SteadyClock clock() {
    return clock;
  }

  @Override
  public void issue(IdRequest request, Receiver receiver) {
    desk().issue(request.key(), request.salt(), request.count(), request.patienceNanos(), receiver);
  }

  @Override
  public void issue(String requestId, IdRequest request, Receiver receiver) {
    desk()
        .issue(
            requestId,
            request.key(),
            request.salt(),
            request.count(),
            request.patienceNanos(),
            receiver);
  }

  @Override
  public void issue(DatedRequest request, Receiver receiver) {
    desk().issue(request, receiver);
  }

  @Override
  public void confirm(
      CounterKey key, String requestId, long patienceNanos, SettleReceiver receiver) {
    Rule rule = settled(key, receiver);
    if (rule != null) {
      gapFree(rule).confirm(rule, key, requestId, patienceNanos, receiver);
    }
  }

  @Override
  public void cancel(
      CounterKey key, String requestId, long patienceNanos, SettleReceiver receiver) {
    Rule rule = settled(key, receiver);
    if (rule != null) {
      gapFree(rule).cancel(rule, key, requestId, patienceNanos, receiver);
    }
  }

  /** The rule whose number is to be settled; null where the receiver has been told why not. */
  private @Nullable Rule settled(CounterKey key, SettleReceiver receiver) {
    if (!open) {
      receiver.refused(Issuance.NOT_READY);
      return null;
    }
    RuleBook book = rules.current();
    Rule rule = book.find(key.rule());
    if (rule != null && rule.isGapFree()) {
      return rule;
    }
    receiver.refused(
        rule == null && book.findTimeRule(key.rule()) == null
            ? unknownRule(key.rule())
            : GapFreeIds.notGapFree(key.rule()));
    return null;
  }

  private GapFreeIds gapFree(Rule rule) {
    if (gapFree == null) {
      throw new IllegalStateException("no store of holds for rule " + rule.name());
    }
    return gapFree;
  }

  private StrictIds strict(Rule rule) {
    if (strict == null) {
      throw new IllegalStateException("nothing reserves for rule " + rule.name());
    }
    return strict;
  }

  /** How many repetitions were answered with the ids of their first request. */
  public long repetitionsAnswered() {
    return repetitions.answered();
  }

  /** How many requests are remembered for their repetitions. */
  public int requestIdsHeld() {
    return repetitions.held();
  }

  /** A new desk, for one thread that asks often. */
  public Desk desk() {
    return new OneDesk();
  }

  /** Uses one issuance again and again, until it parks and belongs to others. */
  private final class OneDesk implements Desk {
    private final Ids timeIdTexts = new Ids();
    private @Nullable Issuance spare;

    @Override
    public boolean issue(
        CounterKey key, String salt, int count, long patienceNanos, Receiver receiver) {
      return issue(key, salt, count, patienceNanos, null, receiver);
    }

    @Override
    public boolean issue(DatedRequest dated, Receiver receiver) {
      if (gapFreeRule(dated.request().key()) != null) {
        receiver.refused(BusinessDay.GAP_FREE);
        return true;
      }
      if (!dated.requestId().isEmpty()) {
        return repetitions.issue(this, dated, receiver);
      }
      IdRequest request = dated.request();
      return issue(
          request.key(),
          request.salt(),
          request.count(),
          request.patienceNanos(),
          dated.bizDate(),
          receiver);
    }

    private boolean issue(
        CounterKey key,
        String salt,
        int count,
        long patienceNanos,
        @Nullable LocalDate bizDate,
        Receiver receiver) {
      if (!open) {
        receiver.refused(Issuance.NOT_READY);
        return true;
      }
      RuleBook book = rules.current();
      Rule rule = book.find(key.rule());
      if (rule == null) {
        TimeRule timeRule = book.findTimeRule(key.rule());
        if (timeRule == null) {
          receiver.refused(unknownRule(key.rule()));
        } else if (bizDate != null) {
          receiver.refused(BusinessDay.NO_DATES);
        } else {
          timeIds.issue(key, timeRule.timeIds(), count, timeIdTexts, receiver);
        }
        return true;
      }
      if (rule.isGapFree()) {
        receiver.refused(GapFreeIds.NO_REQUEST_ID);
        return true;
      }
      if (bizDate != null && rule.bizDays().isEmpty()) {
        receiver.refused(BusinessDay.notAllowed(rule));
        return true;
      }
      Counter counter = counter(key, receiver);
      if (counter == null) {
        return true;
      }
      if (rule.isStrict()) {
        strict(rule).issue(rule, key, salt, count, patienceNanos, bizDate, receiver);
        return false;
      }
      Issuance issuance = spare;
      if (issuance == null) {
        issuance = new Issuance(IdIssuer.this, rule, counter, salt, count, patienceNanos, receiver);
      } else {
        issuance.begin(rule, counter, salt, count, patienceNanos, receiver);
      }
      issuance.date(bizDate);
      boolean told = issuance.run();
      spare = told ? issuance : null;
      return told;
    }

    @Override
    public boolean issue(
        String requestId,
        CounterKey key,
        String salt,
        int count,
        long patienceNanos,
        Receiver receiver) {
      Rule rule = gapFreeRule(key);
      if (rule == null) {
        return repetitions.issue(this, requestId, key, salt, count, patienceNanos, receiver);
      }
      if (!open) {
        receiver.refused(Issuance.NOT_READY);
      } else if (count != 1) {
        receiver.refused(GapFreeIds.ONE_AT_A_TIME);
      } else if (counter(key, receiver) != null) {
        gapFree(rule).take(rule, key, requestId, salt, patienceNanos, receiver);
        return false;
      }
      return true;
    }
  }

  /** The rule, if its numbers are confirmed; else null. */
  private @Nullable Rule gapFreeRule(CounterKey key) {
    Rule rule = rules.current().find(key.rule());
    return rule != null && rule.isGapFree() ? rule : null;
  }

  /** The counter of that namespace; null where the receiver has been told that it can have none. */
  private @Nullable Counter counter(CounterKey key, Receiver receiver) {
    Counter counter = counters.find(key);
    if (counter != null) {
      return counter;
    }
    if (!newNames.allows(receiver.source())) {
      receiver.refused(Issuance.TOO_MANY_OF_ONE);
      return null;
    }
    counter = counters.get(key);
    if (counter == null) {
      receiver.refused(Issuance.TOO_MANY_NAMES);
    }
    return counter;
  }

  @Override
  public void monitor(CounterKey key, MonitorReceiver receiver) {
    if (!open) {
      receiver.refused(Issuance.NOT_READY);
      return;
    }
    RuleBook book = rules.current();
    if (book.find(key.rule()) == null) {
      receiver.refused(
          book.findTimeRule(key.rule()) == null
              ? unknownRule(key.rule())
              : new Refusal(RefusalKind.NOT_FOUND, "a rule of type time has no counter"));
      return;
    }
    Optional<Long> last = lastIssued(counters.find(key));
    if (last.isPresent()) {
      receiver.counted(last.get(), nodeOffset);
      return;
    }
    boolean asked =
        stored.find(
            key,
            reserved -> {
              if (reserved.isPresent()) {
                receiver.counted(reserved.getAsLong(), nodeOffset);
              } else {
                receiver.refused(new Refusal(RefusalKind.NOT_FOUND, "no such counter yet"));
              }
            },
            () -> receiver.refused(Issuance.UNAVAILABLE));
    if (!asked) {
      receiver.refused(Issuance.FULL);
    }
  }

  @Override
  public int idLength(String ruleName) {
    RuleBook book = rules.current();
    Rule rule = book.find(ruleName);
    if (rule != null) {
      return rule.idLength();
    }
    return book.findTimeRule(ruleName) == null ? 1 : LONGEST_TIME_ID;
  }

  private static Optional<Long> lastIssued(@Nullable Counter counter) {
    return counter == null ? Optional.empty() : counter.lastIssued();
  }

  private static Refusal unknownRule(String ruleName) {
    return new Refusal(RefusalKind.UNKNOWN_RULE, "no such rule: " + ruleName);
  }
}
