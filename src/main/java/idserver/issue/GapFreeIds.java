package idserver.issue;

import idserver.counter.CounterKey;
import idserver.counter.Moment;
import idserver.gapfree.Ask;
import idserver.gapfree.Asker;
import idserver.gapfree.Holds;
import idserver.gapfree.IdMaker;
import idserver.gapfree.Outcome;
import idserver.rule.Ids;
import idserver.rule.OneNumber;
import idserver.rule.Rule;
import idserver.rule.RuleException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Ids of gap-free rules, for requests that name themselves. Thread-safe; never waits: the answer
 * comes from the thread that has committed it.
 */
final class GapFreeIds {
  static final Refusal NO_REQUEST_ID =
      new Refusal(
          RefusalKind.BAD_FIELD,
          "request_id is missing: this rule is gap_free; name your order, say, and confirm by it");
  static final Refusal ONE_AT_A_TIME =
      new Refusal(RefusalKind.BAD_FIELD, "count must be 1: this rule is gap_free");
  private static final Refusal NAMELESS =
      new Refusal(RefusalKind.BAD_FIELD, "request_id is missing: which number is meant?");
  private static final Refusal NOT_HELD =
      new Refusal(
          RefusalKind.NOT_HELD,
          "do not use the id: this request_id has no number, or its time ran out and another has"
              + " it; get a new one");
  private static final Refusal ALREADY_CONFIRMED =
      new Refusal(RefusalKind.ALREADY_CONFIRMED, "the number was confirmed and stays in use");
  private static final Refusal IN_DOUBT =
      new Refusal(
          RefusalKind.STORAGE_UNAVAILABLE,
          "the database did not answer in time: ask again with the same request_id, here or another");

  private final Holds holds;
  private final Runnable storeRefused;

  /**
   * @param storeRefused told each time that a request is refused for want of the store
   */
  GapFreeIds(Holds holds, Runnable storeRefused) {
    this.holds = holds;
    this.storeRefused = storeRefused;
  }

  /** Has a number held for the request. */
  void take(
      Rule rule,
      CounterKey key,
      String requestId,
      String salt,
      long patienceNanos,
      Receiver receiver) {
    Ask take =
        new Ask.Take(
            key,
            requestId,
            rule.numbering(),
            rule.confirmSeconds().orElseThrow(),
            maker(rule, salt));
    ask(
        take,
        patienceNanos,
        receiver::refused,
        outcome -> {
          if (outcome instanceof Outcome.Given given) {
            receiver.issued(Ids.of(List.of(given.id())));
          } else {
            receiver.refused(refusal(rule, outcome));
          }
        });
  }

  /** Called by the thread that settles, with one script after the other. */
  private static IdMaker maker(Rule rule, String salt) {
    return (number, moment) -> make(rule, salt, number, moment);
  }

  private static String make(Rule rule, String salt, long number, Moment moment)
      throws IdMaker.Failure {
    OneNumber draws = new OneNumber(number, "gap_free");
    Ids made = new Ids();
    try {
      rule.createIds(draws, moment, salt, 1, made);
      draws.check(rule.file());
      return made.text(0);
    } catch (RuleException e) {
      throw new IdMaker.Failure(String.valueOf(e.getMessage()));
    }
  }

  private static Refusal refusal(Rule rule, Outcome outcome) {
    if (outcome instanceof Outcome.Refused refused) {
      return switch (refused.reason()) {
        case EXHAUSTED -> Issuance.exhausted(rule.numbering());
        case NO_ID -> new Refusal(RefusalKind.RULE_ERROR, refused.message());
        case NOT_HELD -> NOT_HELD;
        case ALREADY_CONFIRMED -> ALREADY_CONFIRMED;
      };
    }
    return Issuance.FAULT;
  }

  void confirm(
      Rule rule, CounterKey key, String requestId, long patienceNanos, SettleReceiver receiver) {
    settle(rule, requestId, new Ask.Confirm(key, requestId), patienceNanos, receiver);
  }

  void cancel(
      Rule rule, CounterKey key, String requestId, long patienceNanos, SettleReceiver receiver) {
    settle(rule, requestId, new Ask.Cancel(key, requestId), patienceNanos, receiver);
  }

  private void settle(
      Rule rule, String requestId, Ask ask, long patienceNanos, SettleReceiver receiver) {
    if (!rule.isGapFree()) {
      receiver.refused(notGapFree(rule.name()));
      return;
    }
    if (requestId.isEmpty()) {
      receiver.refused(NAMELESS);
      return;
    }
    ask(
        ask,
        patienceNanos,
        receiver::refused,
        outcome -> {
          if (outcome instanceof Outcome.Confirmed confirmed) {
            receiver.confirmed(Ids.of(List.of(confirmed.id())));
          } else if (outcome instanceof Outcome.Cancelled) {
            receiver.cancelled();
          } else {
            receiver.refused(refusal(rule, outcome));
          }
        });
  }

  static Refusal notGapFree(String rule) {
    return new Refusal(
        RefusalKind.BAD_FIELD,
        "action: rule " + rule + " is not gap_free: its ids need no confirm and no cancel");
  }

  private void ask(
      Ask ask, long patienceNanos, Consumer<Refusal> refused, Consumer<Outcome> settled) {
    holds.ask(
        ask,
        System.nanoTime() + patienceNanos,
        new Asker() {
          @Override
          public void settled(Outcome outcome) {
            settled.accept(outcome);
          }

          @Override
          public void unsettled() {
            storeRefused.run();
            refused.accept(IN_DOUBT);
          }

          @Override
          public void crowded() {
            refused.accept(Issuance.FULL);
          }

          @Override
          public void closed() {
            refused.accept(Issuance.NOT_READY);
          }
        });
  }
}
