package idserver.issue;

import idserver.counter.CounterKey;
import idserver.counter.Moment;
import idserver.counter.SteadyClock;
import idserver.rule.Ids;
import idserver.rule.OneNumber;
import idserver.rule.Rule;
import idserver.rule.RuleException;
import idserver.strict.Lines;
import idserver.strict.Numbers;
import idserver.strict.Taker;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Ids of strict rules. Thread-safe; never waits: the answer comes from the thread that has
 * committed its numbers.
 */
final class StrictIds {
  private final Lines lines;
  private final SteadyClock clock;
  private final Runnable storeRefused;

  /**
   * @param storeRefused told each time that a request is refused for want of the store
   */
  StrictIds(Lines lines, SteadyClock clock, Runnable storeRefused) {
    this.lines = lines;
    this.clock = clock;
    this.storeRefused = storeRefused;
  }

  /**
   * Has ids issued, one of each number.
   *
   * @param bizDate the business day; null for the present one
   */
  void issue(
      Rule rule,
      CounterKey key,
      String salt,
      int count,
      long patienceNanos,
      @Nullable LocalDate bizDate,
      Receiver receiver) {
    if (bizDate != null && !isOpen(rule, bizDate)) {
      receiver.refused(BusinessDay.closed(rule, bizDate));
      return;
    }
    long deadlineNanos = System.nanoTime() + patienceNanos;
    lines.take(
        key,
        rule.numbering(),
        count,
        deadlineNanos,
        new Taker() {
          @Override
          public void given(Numbers numbers) {
            answer(rule, salt, count, bizDate, numbers, receiver);
          }

          @Override
          public void exhausted() {
            receiver.refused(Issuance.exhausted(rule.numbering()));
          }

          @Override
          public void late() {
            unavailable(Issuance.LATE);
          }

          @Override
          public void unavailable() {
            unavailable(Issuance.UNAVAILABLE);
          }

          private void unavailable(Refusal refusal) {
            storeRefused.run();
            receiver.refused(refusal);
          }

          @Override
          public void crowded() {
            receiver.refused(Issuance.FULL);
          }

          @Override
          public void closed() {
            receiver.refused(Issuance.NOT_READY);
          }
        });
  }

  /** Looked at first, so that no number is lost for a day that is not numbered. */
  private boolean isOpen(Rule rule, LocalDate bizDate) {
    Moment now = clock.in(rule.numbering().zone(), clock.now());
    long period = rule.numbering().period().startOf(now.local());
    return BusinessDay.moment(rule, bizDate, now, period) != null;
  }

  /** Called by the thread that has committed, with one request after the other. */
  private static void answer(
      Rule rule,
      String salt,
      int count,
      @Nullable LocalDate bizDate,
      Numbers numbers,
      Receiver receiver) {
    Moment moment = numbers.moment();
    if (bizDate != null) {
      moment = BusinessDay.moment(rule, bizDate, moment, numbers.period());
    }
    if (moment == null) {
      // it was open when it was asked for; its numbers are lost
      receiver.refused(bizDate == null ? Issuance.FAULT : BusinessDay.closed(rule, bizDate));
      return;
    }
    Ids made;
    try {
      made = make(rule, salt, count, numbers.first(), moment);
    } catch (RuleException e) {
      receiver.refused(new Refusal(RefusalKind.RULE_ERROR, e.getMessage()));
      return;
    } catch (RuntimeException e) {
      receiver.refused(Issuance.FAULT);
      throw e;
    }
    receiver.issued(made);
  }

  private static Ids make(Rule rule, String salt, int count, long first, Moment moment)
      throws RuleException {
    Ids made = new Ids();
    for (int i = 0; i < count; i++) {
      OneNumber draws = new OneNumber(first + i, "strict");
      rule.createIds(draws, moment, salt, i + 1, made);
      draws.check(rule.file());
    }
    return made;
  }
}
