package idserver.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.CounterKey;
import idserver.counter.Counters;
import idserver.counter.SteadyClock;
import idserver.gapfree.HoldFigures;
import idserver.gapfree.Holds;
import idserver.gapfree.InMemoryHoldStore;
import idserver.gapfree.InMemoryHoldStore.Fault;
import idserver.reserve.InMemoryBlockStore;
import idserver.reserve.Reservations;
import idserver.rule.Ids;
import idserver.rule.RuleFaults;
import idserver.rule.RuleLoader;
import idserver.rule.RuleSource;
import idserver.rule.Rules;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GapFreeIdsTest {
  private static final long PATIENCE_NANOS = 50_000_000;
  private static final CounterKey KEY = new CounterKey("invoice", "shop");
  private static final CounterKey PLAIN = new CounterKey("plain", "shop");

  @TempDir Path directory;

  private final AtomicLong second = new AtomicLong(1_795_348_800); // 2026-11-22T12:00Z
  private final SteadyClock clock =
      new SteadyClock(
          () -> second.get() * 1000, () -> second.get() * 1_000_000_000L, ZoneOffset.UTC);
  private final InMemoryHoldStore.Storage storage = new InMemoryHoldStore.Storage();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final Deque<Runnable> work = new ArrayDeque<>();
  private Rules rules;
  private Holds holds;
  private IdIssuer issuer;

  @BeforeEach
  void start() throws RuleFaults {
    write(
        "invoice.lua",
        "return string.format('INV-%d-%03d', now:year(), counter:generate_counter())");
    write("plain.lua", "return counter:generate_counter()");
    write(
        "failing.lua",
        "local n = counter:generate_counter() if salt == 'bad' then error('no') end return n");
    write(
        "greedy.lua",
        "local n = counter:generate_counter() if salt == 'two' then counter:generate_counter() end return n");
    rules =
        Rules.load(
            loader(),
            List.of(
                gapFree("invoice"),
                gapFree("failing"),
                gapFree("greedy"),
                new RuleSource("plain", "plain.lua", 1)));
    holds =
        new Holds(
            new InMemoryHoldStore(
                storage, clock, second::get, () -> faults.isEmpty() ? Fault.NONE : faults.remove()),
            1,
            3,
            work::add);
    Reservations reservations =
        new Reservations(
            new InMemoryBlockStore(new InMemoryBlockStore.Storage(), 0), clock, 1, 10, w -> {});
    issuer =
        new IdIssuer(
            rules,
            new Counters(clock, reservations, 10, 10),
            clock,
            (key, found, failed) -> false,
            TimeIdSource.NONE,
            new NewNames(10, 42),
            RepetitionSettings.DEFAULT,
            holds,
            null,
            0);
    issuer.open();
  }

  private RuleLoader loader() {
    return new RuleLoader(directory, 1, 0, clock);
  }

  private void write(String file, String createId) {
    TestServer.writeRule(directory, file, 999, "never", createId);
  }

  private static RuleSource gapFree(String name) {
    return new RuleSource(name, name + ".lua", 1, true, Optional.empty(), 0.9, OptionalInt.of(60));
  }

  private void settle() {
    while (!work.isEmpty()) {
      work.remove().run();
    }
  }

  private Answer get(String rule, String requestId, String salt) {
    Answer answer = new Answer();
    issuer.issue(
        requestId, new IdRequest(new CounterKey(rule, "shop"), salt, 1, PATIENCE_NANOS), answer);
    return answer;
  }

  private Answer get(String requestId) {
    Answer answer = get("invoice", requestId, "");
    settle();
    return answer;
  }

  /** Remembers what it is told. */
  private static final class Settled implements SettleReceiver {
    String told = "";

    @Override
    public void confirmed(Ids id) {
      told += id.text(0);
    }

    @Override
    public void cancelled() {
      told += "cancelled";
    }

    @Override
    public void refused(Refusal refusal) {
      told += refusal.kind();
    }
  }

  private String confirm(CounterKey key, String requestId) {
    Settled settled = new Settled();
    issuer.confirm(key, requestId, PATIENCE_NANOS, settled);
    settle();
    return settled.told;
  }

  private String cancel(String requestId) {
    Settled settled = new Settled();
    issuer.cancel(KEY, requestId, PATIENCE_NANOS, settled);
    settle();
    return settled.told;
  }

  @Test
  void anIdIsHeldAndThenConfirmed() {
    assertThat(get("order-1").ids()).containsExactly("INV-2026-000");
    assertThat(get("order-2").ids()).containsExactly("INV-2026-001");

    assertThat(confirm(KEY, "order-1")).isEqualTo("INV-2026-000");
    assertThat(get("order-1").ids()).containsExactly("INV-2026-000");
    assertThat(cancel("order-1")).isEqualTo("ALREADY_CONFIRMED");
  }

  @Test
  void aCancelledNumberGoesToTheNextAndItsIdMustNotBeUsed() {
    get("order-1");
    assertThat(cancel("order-1")).isEqualTo("cancelled");

    assertThat(get("order-2").ids()).containsExactly("INV-2026-000");
    assertThat(confirm(KEY, "order-1")).isEqualTo("NOT_HELD");
    assertThat(cancel("order-1")).isEqualTo("cancelled");
  }

  @Test
  void aRepetitionIsAnsweredWhatTheRuleSaidThenWhateverItSaysNow() throws RuleFaults {
    get("order-1");
    write("invoice.lua", "return 'N' .. counter:generate_counter()");
    rules.reload(List.of(gapFree("invoice")));

    assertThat(get("order-1").ids()).containsExactly("INV-2026-000");
    assertThat(confirm(KEY, "order-1")).isEqualTo("INV-2026-000");
    assertThat(get("order-2").ids()).containsExactly("N1");
  }

  @Test
  void theAskingThreadDoesNotWaitForTheCommit() {
    Answer first = get("invoice", "order-1", "");
    Answer second = get("invoice", "order-2", "");
    assertThat(first.times() + second.times()).isZero();

    settle();

    assertThat(first.ids()).containsExactly("INV-2026-000");
    assertThat(second.ids()).containsExactly("INV-2026-001");
  }

  @Test
  void whatIsUnknownIsNeverAnsweredAndAskedAgainItIsTheSame() {
    faults.add(Fault.ANSWER_LOST);
    Answer inDoubt = get("order-1");
    assertThat(inDoubt.kinds()).containsExactly(RefusalKind.STORAGE_UNAVAILABLE);
    assertThat(holds.isDown()).isTrue();

    assertThat(get("order-2").ids()).containsExactly("INV-2026-001");
    assertThat(holds.isDown()).isFalse();
    assertThat(get("order-1").ids()).containsExactly("INV-2026-000");
  }

  @Test
  void aConflictIsTriedAgainAtOnce() {
    faults.addAll(List.of(Fault.CONFLICTS, Fault.CONFLICTS));

    assertThat(get("order-1").ids()).containsExactly("INV-2026-000");
  }

  @Test
  void anOutageIsProbedUntilItIsOver() {
    faults.addAll(List.of(Fault.FAILS, Fault.FAILS));
    get("order-1");

    holds.probe();
    assertThat(holds.isDown()).isTrue();
    holds.probe();
    assertThat(holds.isDown()).isFalse();
  }

  @Test
  void whoWaitsTooLongIsRefusedAndHasItsNumberWhenItAsksAgain() {
    Answer late = get("invoice", "order-1", "");
    holds.expire(System.nanoTime() + 2 * PATIENCE_NANOS);
    assertThat(late.kinds()).containsExactly(RefusalKind.STORAGE_UNAVAILABLE);
    settle();

    assertThat(late.times()).isEqualTo(1);
    assertThat(get("order-1").ids()).containsExactly("INV-2026-000");
  }

  @Test
  void noMoreWaitThanMay() {
    Answer first = get("invoice", "order-1", "");
    get("invoice", "order-2", "");
    get("invoice", "order-3", "");

    assertThat(get("invoice", "order-4", "").kinds()).containsExactly(RefusalKind.TOO_MANY);
    settle();
    assertThat(first.ids()).hasSize(1);
    assertThat(get("order-4").ids()).containsExactly("INV-2026-003");
  }

  @Test
  void aStopRefusesWhoWaitsAndWhoComes() {
    Answer waits = get("invoice", "order-1", "");
    holds.stop();

    assertThat(waits.kinds()).containsExactly(RefusalKind.NOT_READY);
    assertThat(get("order-2").kinds()).containsExactly(RefusalKind.NOT_READY);
    settle();
    assertThat(waits.times()).isEqualTo(1);
    assertThat(holds.awaitIdle(1_000)).isTrue();
  }

  @Test
  void aRequestWithoutANameIsToldToHaveOne() {
    Answer answer = new Answer();
    issuer.issue(new IdRequest(KEY, "", 1, PATIENCE_NANOS), answer);

    assertThat(answer.refused).containsExactly(GapFreeIds.NO_REQUEST_ID);
    assertThat(confirm(KEY, "")).isEqualTo("BAD_FIELD");
  }

  @Test
  void severalAtOnceAndOtherDaysAreRefused() {
    Answer several = new Answer();
    issuer.issue("r", new IdRequest(KEY, "", 2, PATIENCE_NANOS), several);
    Answer dated = new Answer();
    issuer.issue(
        new DatedRequest(
            LocalDate.of(2026, 11, 21), "r", new IdRequest(KEY, "", 1, PATIENCE_NANOS)),
        dated);

    assertThat(several.refused).containsExactly(GapFreeIds.ONE_AT_A_TIME);
    assertThat(dated.refused).containsExactly(BusinessDay.GAP_FREE);
  }

  @Test
  void otherRulesHaveNothingToConfirm() {
    assertThat(confirm(PLAIN, "r")).isEqualTo("BAD_FIELD");
    assertThat(confirm(new CounterKey("nobody", "shop"), "r")).isEqualTo("UNKNOWN_RULE");
  }

  @Test
  void aScriptThatFailsTakesNoNumber() {
    Answer bad = get("failing", "order-1", "bad");
    Answer good = get("failing", "order-2", "");
    settle();

    assertThat(bad.kinds()).containsExactly(RefusalKind.RULE_ERROR);
    assertThat(good.ids()).containsExactly("0");
  }

  @Test
  void aScriptThatDrawsTwoNumbersIsRefused() {
    Answer answer = get("greedy", "order-1", "two");
    settle();

    assertThat(answer.kinds()).containsExactly(RefusalKind.RULE_ERROR);
    assertThat(answer.refused.get(0).message()).contains("greedy.lua", "draws more");
  }

  @Test
  void aRuleThatAlwaysDrawsTwoOrNoneOrNumbersOtherDaysIsNotLoaded() {
    write("bad.lua", "return counter:generate_counter() .. '-' .. counter:generate_counter()");
    assertNotLoaded("draws more");
    write("bad.lua", "return 'x'");
    assertNotLoaded("draws none");
    write("bad.lua", "return counter:generate_counter() end function biz_days() return 3");
    assertNotLoaded("biz_days");
  }

  private void assertNotLoaded(String reason) {
    assertThatThrownBy(() -> Rules.load(loader(), List.of(gapFree("bad"))))
        .isInstanceOfSatisfying(
            RuleFaults.class, e -> assertThat(e.faults().toString()).contains(reason));
  }

  @Test
  void theNumbersAreCounted() {
    get("order-1");
    get("order-1");
    get("order-2");
    confirm(KEY, "order-1");
    confirm(KEY, "order-1");
    second.addAndGet(60);
    get("order-3");
    cancel("order-3");

    assertThat(holds.figures()).isEqualTo(new HoldFigures(3, 1, 1, 1, 1, 0, 0));
  }
}
