package idserver.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import idserver.counter.Counter;
import idserver.counter.Counters;
import idserver.counter.Moment;
import idserver.counter.Numbering;
import idserver.counter.SteadyClock;
import idserver.rule.Rule;
import idserver.rule.RuleBook;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.logging.Logger;

/**
 * Warns in the log of counters that have used the {@code warn_share} of their rule: each once in a
 * period, as far as there are not too many of them. Thread-safe.
 */
public final class NearEnd {
  private static final Logger LOG = Logger.getLogger(NearEnd.class.getName());

  /** So many counters of a rule are named in an hour; the others are counted. */
  private static final int NAMED = 5;

  private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

  /** How often those that were not named are told, at most. */
  private static final long PAUSE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final double PER_MILLE = 1000;

  private final Supplier<RuleBook> rules;
  private final Counters counters;
  private final SteadyClock clock;
  private final LongSupplier nanos;
  private final Consumer<String> warn;

  @GuardedBy("this")
  private final Map<String, Told> told = new HashMap<>();

  /** What has been told of a rule's counters. Guarded by its owner. */
  private static final class Told {
    private long hourNanos;
    private int named;
    private long more;
    private long moreNanos;

    Told(long nowNanos) {
      hourNanos = nowNanos;
      moreNanos = nowNanos - PAUSE_NANOS;
    }
  }

  /**
   * @param nanos a clock that never goes back, in nanoseconds
   */
  public NearEnd(
      Supplier<RuleBook> rules, Counters counters, SteadyClock clock, LongSupplier nanos) {
    this(rules, counters, clock, nanos, LOG::warning);
  }

  /**
   * @param warn told the lines
   */
  NearEnd(
      Supplier<RuleBook> rules,
      Counters counters,
      SteadyClock clock,
      LongSupplier nanos,
      Consumer<String> warn) {
    this.warn = warn;
    this.rules = rules;
    this.counters = counters;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** Looks at every counter: some tenths of a second for a million. To be called now and then. */
  public synchronized void look() {
    Moment now = clock.now();
    long nowNanos = nanos.getAsLong();
    Map<String, Long> starts = new HashMap<>();
    RuleBook book = rules.get();
    for (Rule rule : book.rules()) {
      Numbering numbering = rule.numbering();
      starts.put(rule.name(), numbering.period().startOf(now.in(numbering.zone()).local()));
    }
    List<Passed> passed = new ArrayList<>();
    counters.forEach(
        counter -> {
          Rule rule = book.find(counter.key().rule());
          Long start = starts.get(counter.key().rule());
          // null: a rule that is not served any more
          if (rule != null && start != null) {
            long period = Math.max(start, counter.period());
            if (counter.isFirstNearEnd(rule.numbering().range(), period, rule.warnShare())) {
              passed.add(new Passed(rule, counter, period));
            }
          }
        });
    for (Passed each : passed) {
      tell(each, nowNanos);
    }
    tellHowManyMore(book, nowNanos);
  }

  /** A counter that has just passed the share of its rule. */
  private record Passed(Rule rule, Counter counter, long period) {}

  @GuardedBy("this")
  private void tell(Passed passed, long nowNanos) {
    Rule rule = passed.rule();
    Told of = told.computeIfAbsent(rule.name(), name -> new Told(nowNanos));
    if (nowNanos - of.hourNanos >= HOUR_NANOS) {
      of.hourNanos = nowNanos;
      of.named = 0;
    }
    if (of.named < NAMED) {
      of.named++;
      double used = passed.counter().usedShare(rule.numbering().range(), passed.period());
      warn.accept(
          "The counter of "
              + passed.counter().key().app()
              + " in rule "
              + rule.name()
              + " has used "
              + percent(used)
              + " % of its range, which ends at max_counter "
              + rule.numbering().range().max()
              + ". "
              + whatToDo(rule));
    } else {
      of.more++;
    }
  }

  @GuardedBy("this")
  private void tellHowManyMore(RuleBook book, long nowNanos) {
    told.keySet().removeIf(name -> book.find(name) == null);
    for (Map.Entry<String, Told> each : told.entrySet()) {
      Rule rule = book.find(each.getKey());
      Told of = each.getValue();
      if (rule != null && of.more > 0 && nowNanos - of.moreNanos >= PAUSE_NANOS) {
        warn.accept(
            of.more
                + " more counters of rule "
                + rule.name()
                + " have used "
                + percent(rule.warnShare())
                + " % of their range or more (warn_share); the console lists them. "
                + whatToDo(rule));
        of.more = 0;
        of.moreNanos = nowNanos;
      }
    }
  }

  private static double percent(double share) {
    return Math.round(share * PER_MILLE) / 10.0;
  }

  private static String whatToDo(Rule rule) {
    String what =
        "Raise max_counter of " + rule.file() + ", which may make its ids longer, and reload";
    String period = rule.numbering().period().toString();
    return period.equals("never")
        ? what + ": this counter never starts again."
        : what + ", unless it is enough until the counter starts again (" + period + ").";
  }
}
