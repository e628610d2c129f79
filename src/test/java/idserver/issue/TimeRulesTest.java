package idserver.issue;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.CounterKey;
import idserver.reserve.InMemoryBlockStore;
import idserver.rule.RuleFaults;
import idserver.rule.RuleSource;
import idserver.rule.TimeRule;
import idserver.timeid.SharedTimeIds;
import idserver.timeid.TimeIdClock;
import idserver.timeid.TimeIdFormat;
import idserver.timeid.TimeIdKinds;
import idserver.timeid.TimeIdLayout;
import idserver.timeid.TimeIdSettings;
import idserver.timeid.TimePromise;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Time ids for requests: rules of type {@code time}, and rules in Lua that ask for one. */
class TimeRulesTest {
  private static final int MAX_KINDS = 5;
  private static final long START_MS = 1_700_000_000_000L;
  private static final TimeIdFormat CLASSIC = format(TimeIdLayout.CLASSIC);

  private static final List<TimeRule> TIME_RULES =
      List.of(
          new TimeRule("classic", TimeIdSettings.of(CLASSIC)),
          new TimeRule("ordered", TimeIdSettings.of(format(TimeIdLayout.ORDERED))),
          new TimeRule("spill", TimeIdSettings.of(format(TimeIdLayout.SPILL))));

  private static final List<RuleSource> RULES =
      List.of(
          lua("checked", Optional.of(TimeIdSettings.of(CLASSIC))),
          lua("both", Optional.of(TimeIdSettings.of(CLASSIC))),
          lua("without", Optional.empty()));

  @TempDir Path directory;

  private final Deque<SharedTimeIds> retired = new ArrayDeque<>();
  private FakeClock clock = new FakeClock(START_MS);
  private TimePromise promise = TimePromise.inMemory();
  private TimeIdKinds<CounterKey> kinds = new TimeIdKinds<>(clock, promise, MAX_KINDS);
  private TestServer server;

  private static final class FakeClock extends TimeIdClock {
    private long elapsedMs;

    FakeClock(long startMs) {
      super(startMs);
    }

    @Override
    public long elapsedNanos() {
      return elapsedMs * 1_000_000;
    }

    @Override
    protected void pause(long nanos) {
      throw new AssertionError("a server's kinds refuse");
    }
  }

  private static TimeIdFormat format(TimeIdLayout layout) {
    return new TimeIdFormat(
        layout, TimeIdFormat.DEFAULT_EPOCH_MS, TestServer.OFFSET, TestServer.STEP);
  }

  private static RuleSource lua(String name, Optional<TimeIdSettings> timeIds) {
    return new RuleSource(name, name + ".lua", 10, timeIds);
  }

  @BeforeEach
  void start() throws RuleFaults {
    rule("checked", "return 'T' .. counter:generate_time_id()");
    rule("both", "return counter:generate_counter() .. '-' .. counter:generate_time_id()");
    // asks for one only when it is given this salt: a rule that always does is not loaded
    rule(
        "without",
        "return salt == 'time' and counter:generate_time_id() or"
            + " string.format('W%04d%02d%02d-%d', now:year(), now:month(), now:day(),"
            + " counter:generate_counter())");
    server =
        new TestServer(
            directory,
            new InMemoryBlockStore(new InMemoryBlockStore.Storage(), TestServer.OFFSET),
            writer -> {},
            RULES,
            TIME_RULES,
            this::ids);
  }

  private void rule(String name, String createId) {
    TestServer.writeRule(directory, name + ".lua", 9999, "", createId);
  }

  private @Nullable SharedTimeIds ids(CounterKey kind, TimeIdSettings settings) {
    return retired.isEmpty() ? kinds.get(kind, settings) : retired.remove();
  }

  /** From now on kinds begin at this time, and so much is promised. */
  private void beginAt(long startMs, TimePromise promised) {
    clock = new FakeClock(startMs);
    promise = promised;
    kinds = new TimeIdKinds<>(clock, promise, MAX_KINDS);
  }

  private void promiseNothing() {
    beginAt(START_MS, TimePromise.startingAfter(START_MS));
  }

  @Test
  void idsAreTextsOfTheirFormat() {
    for (String rule : List.of("classic", "ordered", "spill")) {
      Answer answer = server.issue(rule, "test", 1);

      assertThat(answer.times()).isEqualTo(1);
      assertThat(answer.ids()).hasSize(1);
      TimeIdFormat format = server.issuer.timeIdFormat(rule).orElseThrow();
      long id = Long.parseLong(answer.ids().get(0));
      assertThat(format.decode(id).node()).isEqualTo(TestServer.OFFSET);
      assertThat(format.decode(id).timeMs()).isBetween(START_MS, START_MS + TestServer.STEP);
    }
    assertThat(server.counters.size()).as("counters").isZero();
  }

  @Test
  void manyIdsComeAtOnceInTheirOrder() {
    Set<String> seen = new HashSet<>();
    long last = 0;
    for (int i = 0; i < 10; i++) {
      List<String> ids = server.issue("classic", "test", 5_000).ids();
      assertThat(ids).hasSize(5_000);
      for (String id : ids) {
        assertThat(seen.add(id)).isTrue();
        assertThat(Long.parseLong(id)).isGreaterThan(last);
        last = Long.parseLong(id);
      }
    }
  }

  @Test
  void eachApplicationIsAKindOfItsOwnAndThereAreOnlySoMany() {
    for (int i = 0; i < MAX_KINDS; i++) {
      assertThat(server.issue("classic", "app" + i, 1).ids()).hasSize(1);
    }

    Answer refused = server.issue("classic", "one more", 1);

    assertThat(refused.kinds()).containsExactly(RefusalKind.TOO_MANY);
    assertThat(refused.refused.get(0).message()).contains("max_counters");
    assertThat(server.issue("checked", "one more", 1).kinds())
        .containsExactly(RefusalKind.TOO_MANY);
    assertThat(server.issue("classic", "app0", 1).ids()).hasSize(1);
  }

  @Test
  void moreThanALayoutCanGiveAtOnceAreABadCount() {
    // a second is borrowed, of which every fourth millisecond is this server's; and the present one
    clock.elapsedMs += TestServer.STEP;
    assertThat(server.issue("ordered", "test", 251).ids()).hasSize(251);

    Answer refused = server.issue("ordered", "test", 252);

    assertThat(refused.kinds()).containsExactly(RefusalKind.BAD_FIELD);
    assertThat(refused.refused.get(0).message()).isEqualTo("count: at most 251 ids of this rule");
  }

  @Test
  void millisecondsThatAreUsedUpAreTooMany() {
    clock.elapsedMs += TestServer.STEP;
    assertThat(server.issue("ordered", "test", 251).ids()).hasSize(251);

    Answer refused = server.issue("ordered", "test", 1);

    assertThat(refused.kinds()).containsExactly(RefusalKind.TOO_MANY);
    assertThat(server.issue("ordered", "other", 1).ids()).hasSize(1);
    clock.elapsedMs += TestServer.STEP;
    assertThat(server.issue("ordered", "test", 1).ids()).hasSize(1);
  }

  @Test
  void timeThatIsNotPromisedIsAStorageThatDoesNotAnswer() {
    promiseNothing();

    assertThat(server.issue("classic", "test", 1).kinds())
        .containsExactly(RefusalKind.STORAGE_UNAVAILABLE);
    promise.extendTo(START_MS + 1_000);
    assertThat(server.issue("classic", "test", 1).ids()).hasSize(1);
  }

  @Test
  void timeThatHasRunOutIsExhausted() {
    beginAt(
        TimeIdFormat.DEFAULT_EPOCH_MS + TimeIdLayout.LAST_MS - TestServer.STEP + 1,
        TimePromise.inMemory());

    assertThat(server.issue("ordered", "test", 2).kinds()).containsExactly(RefusalKind.EXHAUSTED);
    assertThat(server.issue("ordered", "test", 1).ids()).hasSize(1);
    assertThat(server.issue("ordered", "test", 1).kinds()).containsExactly(RefusalKind.EXHAUSTED);
  }

  @Test
  void aGeneratorThatAReloadHasRetiredIsFetchedAgain() {
    CounterKey kind = new CounterKey("classic", "test");
    TimeIdSettings settings = TimeIdSettings.of(CLASSIC);
    SharedTimeIds old = Objects.requireNonNull(kinds.get(kind, settings.withBorrowMs(1)));
    assertThat(kinds.get(kind, settings)).isNotSameAs(old);
    retired.addAll(List.of(old, old));
    assertThat(server.issue("classic", "test", 3).ids()).hasSize(3);

    retired.addAll(List.of(old, old));
    assertThat(server.issue("checked", "test", 1).ids()).hasSize(1);
    assertThat(retired).isEmpty();
  }

  @Test
  void nothingIsServedBeforeTheOpening() {
    server.issuer.close();

    assertThat(server.issue("classic", "test", 1).kinds()).containsExactly(RefusalKind.NOT_READY);
  }

  @Test
  void aTimeRuleHasNoCounterToMonitor() {
    server.issue("classic", "test", 1);

    assertThat(server.monitor("classic", "test").kinds()).containsExactly(RefusalKind.NOT_FOUND);
  }

  @Test
  void tellsHowLongIdsAreAndWhatTheyLookLike() {
    assertThat(server.issuer.idLength("classic")).isEqualTo(Long.toString(Long.MAX_VALUE).length());
    assertThat(server.issuer.idLength("checked")).isEqualTo(20);
    assertThat(server.issuer.timeIdFormat("classic")).contains(CLASSIC);
    assertThat(server.issuer.timeIdFormat("checked")).isEmpty();
    assertThat(server.issuer.timeIdFormat("nobody")).isEmpty();
  }

  @Test
  void aScriptPutsLettersBeforeATimeId() {
    List<String> ids = server.issue("checked", "test", 100).ids();

    assertThat(ids).hasSize(100).doesNotHaveDuplicates().isSorted();
    assertThat(CLASSIC.decode(Long.parseLong(ids.get(0).substring(1))).timeMs())
        .isEqualTo(START_MS);
  }

  @Test
  void aScriptThatGetsNoTimeIdIsRefusedForTheReason() {
    promiseNothing();
    assertThat(server.issue("checked", "test", 1).kinds())
        .containsExactly(RefusalKind.STORAGE_UNAVAILABLE);
    promise.extendTo(START_MS + 60_000);
    assertThat(server.issue("checked", "test", 1).ids()).hasSize(1);

    beginAt(TimeIdFormat.DEFAULT_EPOCH_MS + TimeIdLayout.LAST_MS + 1, TimePromise.inMemory());
    assertThat(server.issue("checked", "test", 1).kinds()).containsExactly(RefusalKind.EXHAUSTED);
  }

  @Test
  void aScriptOfARuleWithoutTimeIdsGetsNone() {
    Answer answer = new Answer();
    server.issuer.issue(new IdRequest(new CounterKey("without", "test"), "time", 1, 0), answer);

    assertThat(answer.kinds()).containsExactly(RefusalKind.RULE_ERROR);
  }

  @Test
  void aRequestThatHasWaitedForItsNumberGetsATimeIdAfterwards() {
    Answer answer = server.issue("both", "test", 2);
    assertThat(answer.times()).isZero();
    server.write();

    assertThat(answer.times()).isEqualTo(1);
    assertThat(answer.ids()).hasSize(2);
    assertThat(answer.ids().get(0)).startsWith("1-");
    assertThat(answer.ids().get(1)).startsWith("5-");
  }

  @Test
  void aRequestThatHasWaitedForItsNumberIsRefusedOnceWhenThereIsNoTimeId() {
    promiseNothing();
    Answer answer = server.issue("both", "test", 1);
    assertThat(answer.times()).isZero();
    server.write();

    assertThat(answer.times()).isEqualTo(1);
    assertThat(answer.kinds()).containsExactly(RefusalKind.STORAGE_UNAVAILABLE);
    promise.extendTo(START_MS + 1_000);
    assertThat(server.issue("both", "test", 1).ids()).hasSize(1);
  }
}
