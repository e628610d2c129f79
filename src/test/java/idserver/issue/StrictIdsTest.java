package idserver.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.CounterKey;
import idserver.counter.Counters;
import idserver.counter.SteadyClock;
import idserver.reserve.CounterState;
import idserver.reserve.InMemoryBlockStore;
import idserver.reserve.InMemoryBlockStore.Outcome;
import idserver.reserve.Reservations;
import idserver.rule.RuleFaults;
import idserver.rule.RuleLoader;
import idserver.rule.RuleSource;
import idserver.rule.Rules;
import idserver.strict.Lines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StrictIdsTest {
  private static final long PATIENCE_NANOS = 50_000_000_000L;

  @TempDir Path directory;

  private final AtomicLong second = new AtomicLong(1_795_348_800); // 2026-11-22T12:00Z
  private final SteadyClock clock =
      new SteadyClock(
          () -> second.get() * 1000, () -> second.get() * 1_000_000_000L, ZoneOffset.UTC);
  private final Deque<Outcome> outcomes = new ArrayDeque<>();
  private final Deque<Reservations> writers = new ArrayDeque<>();
  private final Reservations reservations =
      new Reservations(
          new InMemoryBlockStore(
              new InMemoryBlockStore.Storage(),
              -1,
              () -> outcomes.isEmpty() ? Outcome.WORKS : outcomes.remove()),
          clock,
          1,
          10,
          writers::add);
  private final Lines lines = new Lines(reservations, clock, 3);
  private IdIssuer issuer;

  @BeforeEach
  void start() throws Exception {
    write("ticket", "return day .. counter:generate_counter()");
    write(
        "failing",
        "local n = counter:generate_counter() if salt == 'bad' then error('no') end return day .. n");
    write(
        "greedy",
        "local n = counter:generate_counter() if salt == 'two' then counter:generate_counter() end return day .. n");
    Rules rules =
        Rules.load(loader(), List.of(strict("ticket"), strict("failing"), strict("greedy")));
    issuer =
        new IdIssuer(
            rules,
            new Counters(clock, reservations, 10, 10),
            clock,
            (key, found, failed) ->
                reservations.find(
                    key,
                    state ->
                        found.accept(
                            state
                                .map(CounterState::reserved)
                                .map(OptionalLong::of)
                                .orElse(OptionalLong.empty())),
                    failed),
            TimeIdSource.NONE,
            new NewNames(10, 42),
            RepetitionSettings.DEFAULT,
            null,
            lines,
            0);
    issuer.open();
  }

  private RuleLoader loader() {
    return new RuleLoader(directory, 1, 0, clock);
  }

  private void write(String name, String createId) throws IOException {
    Files.writeString(
        directory.resolve(name + ".lua"),
        """
        function min_counter() return 1 end
        function max_counter() return 20 end
        function reset_period() return "month" end
        function biz_days() return 3 end
        function create_id(counter, now, salt)
          local day = string.format("%%d%%02d%%02d-", now:year(), now:month(), now:day())
          %s
        end
        """
            .formatted(createId));
  }

  private static RuleSource strict(String name) {
    return new RuleSource(
        name, name + ".lua", 1, true, Optional.empty(), 0.9, OptionalInt.empty(), true);
  }

  private Answer ask(String rule, String salt, int count) {
    Answer answer = new Answer();
    issuer.issue(new IdRequest(new CounterKey(rule, "shop"), salt, count, PATIENCE_NANOS), answer);
    return answer;
  }

  private Answer get(int count) {
    Answer answer = ask("ticket", "", count);
    write();
    return answer;
  }

  private void write() {
    while (!writers.isEmpty()) {
      writers.remove().drain();
    }
  }

  @Test
  void theAskingThreadDoesNotWaitAndThoseWhoComeTogetherShareACommit() {
    Answer first = ask("ticket", "", 1);
    Answer second = ask("ticket", "", 2);
    assertThat(first.times() + second.times()).isZero();

    write();

    assertThat(first.ids()).containsExactly("20261122-1");
    assertThat(second.ids()).containsExactly("20261122-2", "20261122-3");
    assertThat(reservations.committed()).isOne();
  }

  @Test
  void aRepetitionIsAnsweredTheSameIds() {
    IdRequest request = new IdRequest(new CounterKey("ticket", "shop"), "", 1, PATIENCE_NANOS);
    Answer first = new Answer();
    Answer again = new Answer();
    issuer.issue("order-1", request, first);
    issuer.issue("order-1", request, again);
    write();
    Answer later = new Answer();
    issuer.issue("order-1", request, later);

    assertThat(List.of(first.ids(), again.ids(), later.ids())).containsOnly(List.of("20261122-1"));
    assertThat(get(1).ids()).containsExactly("20261122-2");
  }

  @Test
  void aBusinessDayHasItsDateAndTheNextNumber() {
    assertThat(get(1).ids()).containsExactly("20261122-1");
    assertThat(of("2026-11-20").ids()).containsExactly("20261120-2");
    assertThat(of("2026-11-22").ids()).containsExactly("20261122-3");
    assertThat(of("2026-11-23").kinds()).containsExactly(RefusalKind.BIZ_DATE_CLOSED);
    assertThat(of("2026-11-18").kinds()).containsExactly(RefusalKind.BIZ_DATE_CLOSED);
    assertThat(get(1).ids()).containsExactly("20261122-4");
  }

  private Answer of(String day) {
    Answer answer = new Answer();
    IdRequest request = new IdRequest(new CounterKey("ticket", "shop"), "", 1, PATIENCE_NANOS);
    issuer.issue(new DatedRequest(LocalDate.parse(day), "", request), answer);
    write();
    return answer;
  }

  @Test
  void aScriptThatFailsLosesItsNumberAndNobodyElseHasIt() {
    Answer bad = ask("failing", "bad", 2);
    Answer good = ask("failing", "", 1);
    write();

    assertThat(bad.kinds()).containsExactly(RefusalKind.RULE_ERROR);
    assertThat(good.ids()).containsExactly("20261122-3");
  }

  @Test
  void aScriptThatDrawsTwoNumbersAfterAllIsRefused() {
    Answer greedy = ask("greedy", "two", 1);
    write();
    assertThat(greedy.refused)
        .extracting(Refusal::message)
        .containsExactly(
            "greedy.lua: create_id of a rule with allocation strict draws one number, by"
                + " counter:generate_counter(), and nothing else; this one draws more");
  }

  @Test
  void aRuleWhoseIdsHaveNotOneNumberEachIsNotLoaded() throws Exception {
    write("two", "return counter:generate_counter() .. '-' .. counter:generate_counter() .. day");
    write("none", "return day");
    for (String rule : List.of("two", "none")) {
      assertThatThrownBy(() -> Rules.load(loader(), List.of(strict(rule))))
          .isInstanceOfSatisfying(
              RuleFaults.class,
              faults ->
                  assertThat(faults.faults())
                      .singleElement()
                      .asString()
                      .contains("a rule with allocation strict draws one number"));
    }
  }

  @Test
  void whoFindsNothingLeftIsToldSoAndTheNextPeriodBegins() {
    get(18);
    assertThat(get(3).kinds()).containsExactly(RefusalKind.EXHAUSTED);
    second.addAndGet(9 * 86_400);
    assertThat(get(1).ids()).containsExactly("20261201-1");
  }

  @Test
  void whatIsUnknownIsRefusedAndNeverIssued() {
    outcomes.add(Outcome.ANSWER_LOST);
    Answer lost = ask("ticket", "", 1);
    write();

    assertThat(lost.kinds()).containsExactly(RefusalKind.STORAGE_UNAVAILABLE);
    assertThat(get(1).ids()).containsExactly("20261122-3");
  }

  @Test
  void whoWaitsTooLongOrIsOneTooManyIsRefused() {
    Answer late = ask("ticket", "", 1);
    ask("ticket", "", 1);
    ask("ticket", "", 1);
    Answer tooMany = ask("ticket", "", 1);
    lines.expire(System.nanoTime() + PATIENCE_NANOS);
    lines.stop();
    Answer stopped = ask("ticket", "", 1);

    assertThat(late.kinds()).containsExactly(RefusalKind.STORAGE_UNAVAILABLE);
    assertThat(tooMany.kinds()).containsExactly(RefusalKind.TOO_MANY);
    assertThat(stopped.kinds()).containsExactly(RefusalKind.NOT_READY);
  }

  @Test
  void monitorTellsHowFarTheRowIs() {
    get(4);
    Answer monitored = new Answer();
    issuer.monitor(new CounterKey("ticket", "shop"), monitored);
    write();
    assertThat(monitored.counted).containsExactly(4L);
  }
}
