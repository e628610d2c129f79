package idserver.issue;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.reserve.InMemoryBlockStore;
import idserver.reserve.InMemoryBlockStore.Outcome;
import idserver.rule.RuleFaults;
import idserver.rule.RuleSource;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdIssuerTest {
  /** The rule of the documents. */
  private static final String DOCUMENTS =
      """
      local seq = counter:generate_counter()
      local new_id = string.format("%01d%02d%02d%04d",now:year()%10 ,now:month(),now:day(),seq)
      return new_id""";

  private static final String DAY =
      "string.format('%02d%02d%02d-', now:year() % 100, now:month(), now:day())";

  private static final List<RuleSource> RULES =
      List.of(
          new RuleSource("o2o", "o2o.lua", 10),
          new RuleSource("pair", "pair.lua", 3),
          new RuleSource("tiny", "tiny.lua", 10),
          new RuleSource("broken", "broken.lua", 10));

  @TempDir Path directory;

  private final Deque<Outcome> outcomes = new ArrayDeque<>();
  private TestServer server;

  @BeforeEach
  void start() throws RuleFaults {
    TestServer.writeRule(directory, "o2o.lua", 9999, "", DOCUMENTS);
    TestServer.writeRule(
        directory,
        "pair.lua",
        9999,
        "never",
        "return counter:generate_counter() .. '-' .. counter:generate_counter()");
    TestServer.writeRule(
        directory, "tiny.lua", 9, "", "return " + DAY + " .. counter:generate_counter()");
    TestServer.writeRule(
        directory,
        "broken.lua",
        9999,
        "never",
        "local n = counter:generate_counter() if n == 5 then error('five') end return n .. salt");
    server = new TestServer(directory, store(), writer -> {}, RULES);
  }

  private InMemoryBlockStore store() {
    return new InMemoryBlockStore(
        new InMemoryBlockStore.Storage(),
        TestServer.OFFSET,
        () -> outcomes.isEmpty() ? Outcome.WORKS : outcomes.remove());
  }

  /** Has a block in hand, with so many ids drawn from it. */
  private void begin(String rule, int drawn) {
    Answer answer = server.issue(rule, "test", drawn);
    server.write();
    assertThat(answer.ids()).hasSize(drawn);
  }

  @Test
  void theRuleOfTheDocumentsGivesTheirIds() {
    Answer first = server.issue("o2o", "test", 1);
    assertThat(first.times()).isZero();
    server.write();

    assertThat(first.ids()).containsExactly("505140001");
    assertThat(server.issue("o2o", "test", 1).ids()).containsExactly("505140005");
    assertThat(first.times()).isEqualTo(1);
  }

  @Test
  void eachApplicationHasNumbersOfItsOwn() {
    begin("o2o", 2);

    Answer other = server.issue("o2o", "Test", 1);
    server.write();

    assertThat(other.ids()).containsExactly("505140001");
  }

  @Test
  void manyIdsComeAtOnceInTheOrderOfTheirNumbers() {
    Answer answer = server.issue("o2o", "test", 25);
    server.write();

    assertThat(answer.ids()).hasSize(25).isSorted().startsWith("505140001").endsWith("505140097");
  }

  @Test
  void moreIdsThanBlocksAreLargeComeFromSeveralBlocks() {
    begin("o2o", 1);

    // the rule's share lets no block of the whole range pass
    Answer answer = server.issue("o2o", "test", 2_000);
    server.write();

    assertThat(answer.times()).isEqualTo(1);
    assertThat(answer.ids()).hasSize(2_000).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void dateAndNumberAreOfOneMomentWhenTheBlockComesAfterMidnight() {
    server.setTime("2015-05-14T23:59:59");
    begin("o2o", 1);
    server.issue("o2o", "test", 9);
    Answer parked = server.issue("o2o", "test", 1);
    assertThat(parked.times()).isZero();

    server.setTime("2015-05-15T00:00:01");
    server.write();

    assertThat(parked.ids()).containsExactly("505150001");
  }

  @Test
  void allIdsOfARequestAreOfOneDayWhenMidnightComesInBetween() {
    server.setTime("2015-05-14T23:59:59");
    begin("o2o", 1);
    Answer parked = server.issue("o2o", "test", 15);
    assertThat(parked.times()).isZero();

    server.setTime("2015-05-15T00:00:01");
    server.write();

    assertThat(parked.ids())
        .hasSize(15)
        .startsWith("505150001")
        .endsWith("505150057")
        .doesNotHaveDuplicates();
  }

  @Test
  void aBlockInHandServesTheOldDayUntilMidnightAndNoLonger() {
    server.setTime("2015-05-14T23:59:58");
    begin("o2o", 1);
    server.setTime("2015-05-14T23:59:59");
    assertThat(server.issue("o2o", "test", 1).ids()).containsExactly("505140005");

    server.setTime("2015-05-15T00:00:00");
    Answer today = server.issue("o2o", "test", 1);
    assertThat(today.times()).isZero();
    server.write();
    assertThat(today.ids()).containsExactly("505150001");
  }

  @Test
  void aClockThatGoesBackOverMidnightGivesNoIdOfYesterday() {
    server.setTime("2015-05-15T00:00:01");
    begin("o2o", 1);

    server.setTime("2015-05-14T23:59:59");

    assertThat(server.issue("o2o", "test", 1).ids()).containsExactly("505150005");
  }

  @Test
  void aScriptThatDrawsTwiceLosesNoNumberWhenItHasToWaitInBetween() {
    Answer first = server.issue("pair", "test", 1);
    server.write();
    Answer second = server.issue("pair", "test", 1);
    server.write();
    Answer third = server.issue("pair", "test", 1);
    server.write();

    assertThat(first.ids()).containsExactly("1-5");
    assertThat(second.ids()).containsExactly("9-13");
    assertThat(third.ids()).containsExactly("17-21");
  }

  @Test
  void anUnknownRuleIsRefused() {
    Answer answer = server.issue("nobody", "test", 1);

    assertThat(answer.kinds()).containsExactly(RefusalKind.UNKNOWN_RULE);
    assertThat(answer.refused.get(0).message()).contains("nobody");
    assertThat(server.counters.size()).isZero();
  }

  @Test
  void anExhaustedCounterIsRefusedUntilTheNextDay() {
    begin("tiny", 3);
    Answer parked = server.issue("tiny", "test", 1);
    server.write();
    if (parked.times() == 0) {
      server.write();
    }

    assertThat(parked.kinds()).containsExactly(RefusalKind.EXHAUSTED);
    assertThat(parked.refused.get(0).message()).contains("max_counter 9 reached");
    assertThat(server.issue("tiny", "test", 1).kinds()).containsExactly(RefusalKind.EXHAUSTED);
    server.setTime("2015-05-15T00:00:00");
    Answer tomorrow = server.issue("tiny", "test", 1);
    server.write();
    assertThat(tomorrow.ids()).containsExactly("150515-1");
  }

  @Test
  void moreCountersThanAllowedAreRefused() {
    for (int i = 0; i < 20; i++) {
      assertThat(server.issue("o2o", "app" + i, 1).times()).isZero();
    }

    assertThat(server.issue("o2o", "app20", 1).kinds()).containsExactly(RefusalKind.TOO_MANY);
    assertThat(server.monitor("o2o", "app20").kinds()).isEmpty();
  }

  @Test
  void aNetworkThatBringsTooManyNewNamesIsRefusedThemAndTheOthersGoOn() throws Exception {
    InetAddress one = InetAddress.getByName("192.0.2.1");
    InetAddress sameNetwork = InetAddress.getByName("192.0.2.77");
    for (int i = 0; i < TestServer.MAX_COUNTERS_PER_NETWORK; i++) {
      assertThat(server.issue("o2o", "app" + i, 1, new Answer(one)).times()).isZero();
    }

    Answer refused = server.issue("o2o", "more", 1, new Answer(sameNetwork));
    assertThat(refused.kinds()).containsExactly(RefusalKind.TOO_MANY);
    assertThat(refused.refused.get(0).message()).contains("max_counters_per_network");
    assertThat(server.monitor("o2o", "more").ids()).isEmpty();
    assertThat(server.issue("o2o", "app0", 1, new Answer(one)).times()).isZero();
    InetAddress other = InetAddress.getByName("198.51.100.1");
    assertThat(server.issue("o2o", "more", 1, new Answer(other)).times()).isZero();
  }

  @Test
  void moreParkedRequestsThanAllowedAreRefused() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(server.issue("o2o", "test", 1).times()).isZero();
    }

    assertThat(server.issue("o2o", "test", 1).kinds()).containsExactly(RefusalKind.TOO_MANY);
  }

  @Test
  void aScriptThatFailsIsRefusedAndTheNextIdIsMade() {
    begin("broken", 1);

    Answer failed = server.issue("broken", "test", 1);
    assertThat(failed.kinds()).containsExactly(RefusalKind.RULE_ERROR);
    assertThat(failed.refused.get(0).message()).contains("broken.lua").contains("five");
    assertThat(server.issue("broken", "test", 1).ids()).containsExactly("9salt");
  }

  @Test
  void aStoreThatFailsIsToldToWhoWaitsAndToWhoComes() {
    outcomes.add(Outcome.FAILS);
    Answer waits = server.issue("o2o", "test", 1);
    server.write();

    assertThat(waits.kinds()).containsExactly(RefusalKind.STORAGE_UNAVAILABLE);
    // it was tried again, and worked
    assertThat(server.issue("o2o", "test", 1).ids()).containsExactly("505140001");
  }

  @Test
  void whoWaitedTooLongIsRefused() {
    long before = System.nanoTime();
    Answer waits = server.issue("o2o", "test", 1);

    server.counters.expire(before + TestServer.PATIENCE_NANOS - 1);
    assertThat(waits.times()).isZero();
    server.counters.expire(System.nanoTime() + TestServer.PATIENCE_NANOS);

    assertThat(waits.kinds()).containsExactly(RefusalKind.STORAGE_UNAVAILABLE);
    server.write();
    assertThat(waits.times()).isEqualTo(1);
  }

  @Test
  void nothingIsServedBeforeTheOpeningAndAfterTheClose() {
    begin("o2o", 1);
    Answer waits = server.issue("o2o", "other", 1);

    server.issuer.close();

    assertThat(server.issue("o2o", "test", 1).kinds()).containsExactly(RefusalKind.NOT_READY);
    assertThat(server.monitor("o2o", "test").kinds()).containsExactly(RefusalKind.NOT_READY);
    server.counters.close();
    assertThat(waits.kinds()).containsExactly(RefusalKind.NOT_READY);
    server.issuer.open();
    assertThat(server.issue("o2o", "test", 1).kinds()).containsExactly(RefusalKind.NOT_READY);
  }

  @Test
  void monitorTellsTheLastNumberOfACounterInUse() {
    begin("o2o", 2);

    assertThat(server.monitor("o2o", "test").counted).containsExactly(5L);
  }

  @Test
  void monitorTellsTheReservationOfACounterThatOnlyTheStoreKnows() throws RuleFaults {
    InMemoryBlockStore store = store();
    server = new TestServer(directory, store, writer -> {}, RULES);
    begin("o2o", 1);
    TestServer restarted = new TestServer(directory, store, writer -> {}, RULES);

    Answer answer = restarted.monitor("o2o", "test");
    assertThat(answer.times()).isZero();
    restarted.write();

    assertThat(answer.counted).containsExactly(37L);
    assertThat(restarted.counters.size()).isZero();
  }

  @Test
  void monitorOfACounterNeverUsedCreatesNothing() {
    Answer answer = server.monitor("o2o", "nobody");
    server.write();
    Answer again = server.monitor("o2o", "nobody");
    server.write();

    assertThat(answer.kinds()).containsExactly(RefusalKind.NOT_FOUND);
    assertThat(again.kinds()).containsExactly(RefusalKind.NOT_FOUND);
    assertThat(server.monitor("nobody", "test").kinds()).containsExactly(RefusalKind.UNKNOWN_RULE);
    assertThat(server.counters.size()).isZero();
  }

  @Test
  void monitorTellsWhenTheStoreCannotBeAsked() {
    outcomes.add(Outcome.FAILS);
    Answer answer = server.monitor("o2o", "nobody");
    server.write();

    assertThat(answer.kinds()).containsExactly(RefusalKind.STORAGE_UNAVAILABLE);
    server.reservations.stop();
    assertThat(server.monitor("o2o", "nobody").kinds()).containsExactly(RefusalKind.TOO_MANY);
  }

  @Test
  void tellsHowLongAnIdIs() {
    assertThat(server.issuer.idLength("o2o")).isEqualTo(9);
    assertThat(server.issuer.idLength("nobody")).isEqualTo(1);
  }

  @Test
  void aReloadGoesOnWithTheNumbersOfTheRule() throws RuleFaults {
    begin("o2o", 2);
    TestServer.writeRule(
        directory, "o2o.lua", 9999, "", "return 'N' .. " + DAY + " .. counter:generate_counter()");

    server.rules.reload(RULES);

    assertThat(server.issue("o2o", "test", 1).ids()).containsExactly("N150514-9");
  }

  @Test
  void aReloadWithAWiderRangeGoesOnAboveWhatIsReserved() throws RuleFaults {
    begin("o2o", 2);
    TestServer.writeRule(directory, "o2o.lua", 99_999, "", DOCUMENTS);
    server.rules.reload(RULES);

    Answer answer = server.issue("o2o", "test", 1);
    server.write();

    assertThat(answer.ids()).containsExactly("505140041");
  }

  @Test
  void aReloadWithALongerPeriodGoesOnInThePresentOne() throws Exception {
    begin("o2o", 2);
    TestServer.writeRule(directory, "o2o.lua", 9999, "month", DOCUMENTS);
    server.rules.reload(RULES);

    Answer answer = server.issue("o2o", "test", 1);
    server.write();

    assertThat(answer.ids()).containsExactly("505140041");
  }

  @Test
  void aReloadWithAShorterPeriodGoesOnUntilTheNextOneBegins() throws RuleFaults {
    begin("o2o", 2);
    TestServer.writeRule(
        directory,
        "o2o.lua",
        9999,
        "hour",
        "return " + DAY + " .. now:hour() .. '-' .. counter:generate_counter()");
    server.rules.reload(RULES);

    Answer answer = server.issue("o2o", "test", 1);
    server.write();

    assertThat(answer.ids()).containsExactly("150514-12-41");
    server.setTime("2015-05-14T13:00:00");
    Answer later = server.issue("o2o", "test", 1);
    server.write();
    assertThat(later.ids()).containsExactly("150514-13-1");
  }

  @Test
  void noIdComesTwiceOverManyDays() {
    Set<String> ids = new HashSet<>();
    List<Answer> answers = new ArrayList<>();
    for (int day = 1; day <= 28; day++) {
      server.setTime("2015-06-%02dT23:59:59".formatted(day));
      for (int i = 0; i < 30; i++) {
        answers.add(server.issue("o2o", "test", 1 + i % 3));
        if (i % 7 == 0) {
          server.write();
        }
      }
    }
    server.write();

    for (Answer answer : answers) {
      assertThat(answer.times()).isEqualTo(1);
      assertThat(answer.kinds()).isEmpty();
      assertThat(ids.addAll(answer.ids())).isTrue();
    }
    assertThat(ids).hasSize(28 * 60);
  }
}
