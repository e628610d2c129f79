package idserver.issue;

import idserver.counter.Counter;
import idserver.counter.CounterKey;
import idserver.counter.Counters;
import idserver.counter.SteadyClock;
import idserver.rule.Rule;
import idserver.rule.Rules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one use case: finds the rule, draws from its counter, answers. Thread-safe; never waits. A
 * request that finds no block is parked and answered later by the thread that brings one.
 */
public final class IdIssuer implements IdService {
  private final Rules rules;
  private final Counters counters;
  private final SteadyClock clock;
  private final StoredCounters stored;
  private final int nodeOffset;
  private volatile boolean open;
  private volatile long storeRefusalNanos = System.nanoTime();

  /**
   * @param nodeOffset {@code id_offset} of this server
   */
  public IdIssuer(
      Rules rules, Counters counters, SteadyClock clock, StoredCounters stored, int nodeOffset) {
    this.rules = rules;
    this.counters = counters;
    this.clock = clock;
    this.stored = stored;
    this.nodeOffset = nodeOffset;
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

  SteadyClock clock() {
    return clock;
  }

  @Override
  public void issue(IdRequest request, Receiver receiver) {
    Rule rule = open ? rules.current().find(request.ruleName()) : null;
    if (rule == null) {
      receiver.refused(open ? unknownRule(request.ruleName()) : Issuance.NOT_READY);
      return;
    }
    Counter counter = counters.get(new CounterKey(request.ruleName(), request.appName()));
    if (counter == null) {
      receiver.refused(
          new Refusal(RefusalKind.TOO_MANY, "too many app_names in use (max_counters)"));
      return;
    }
    new Issuance(request, rule, counter, this, receiver).run();
  }

  @Override
  public void monitor(String ruleName, String appName, MonitorReceiver receiver) {
    if (!open) {
      receiver.refused(Issuance.NOT_READY);
      return;
    }
    if (rules.current().find(ruleName) == null) {
      receiver.refused(unknownRule(ruleName));
      return;
    }
    CounterKey key = new CounterKey(ruleName, appName);
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
    Rule rule = rules.current().find(ruleName);
    return rule == null ? 1 : rule.idLength();
  }

  private static Optional<Long> lastIssued(@Nullable Counter counter) {
    return counter == null ? Optional.empty() : counter.lastIssued();
  }

  private static Refusal unknownRule(String ruleName) {
    return new Refusal(RefusalKind.UNKNOWN_RULE, "no such rule: " + ruleName);
  }
}
