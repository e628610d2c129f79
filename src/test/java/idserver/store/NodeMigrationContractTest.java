package idserver.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.Wish;
import idserver.reserve.CounterState;
import idserver.reserve.StoreException;
import java.sql.Connection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Another step for servers that have issued numbers under the old one, on every database. */
abstract class NodeMigrationContractTest {
  private static final CounterKey KEY = new CounterKey("order", "shöp");
  private static final long TODAY = 1_795_305_600;
  private static final long TOMORROW = TODAY + 86_400;

  /** Transactions on the storage of this test, which is empty when the test begins. */
  abstract Transactions transactions();

  abstract Durability durability();

  /** A connection to the same storage. */
  abstract Connection connection() throws Exception;

  private JpaBlockStore store(int node) {
    return new JpaBlockStore(transactions(), durability(), node, new IdStep(node, 1));
  }

  private Nodes nodes() {
    return new Nodes(transactions(), true);
  }

  private NodeMigration.Outcome migrate(int idStep, String timeZone, boolean shared)
      throws Exception {
    return migrate(idStep, timeZone, shared, List.of());
  }

  private NodeMigration.Outcome migrate(
      int idStep, String timeZone, boolean shared, List<RuleEntry> rules) throws Exception {
    try (Connection connection = connection()) {
      return new NodeMigration(idStep, timeZone, rules).run(connection, shared);
    }
  }

  private Grant reserveShared(int node, long size) throws StoreException {
    Numbering numbering =
        new Numbering(NumberRange.shared(1, 999_999), Period.named("day").orElseThrow(), 1);
    Wish wish =
        new Wish(
            KEY,
            numbering,
            TODAY,
            size,
            Long.MIN_VALUE,
            0,
            NumberRange.NOTHING_RESERVED,
            TODAY + node);
    return store(node).reserve(List.of(wish)).get(0);
  }

  private static RuleEntry rule(String allocation) {
    return new RuleEntry(KEY.rule(), allocation, "classic", 0);
  }

  private Grant reserve(CounterKey key, int node, int step, long period, long size)
      throws StoreException {
    Numbering numbering =
        new Numbering(
            new NumberRange(1, 999_999, step, node), Period.named("day").orElseThrow(), 1);
    Wish wish =
        new Wish(
            key,
            numbering,
            period,
            size,
            Long.MIN_VALUE,
            0,
            NumberRange.NOTHING_RESERVED,
            period + node);
    return store(node).reserve(List.of(wish)).get(0);
  }

  private long reserved(int node, CounterKey key) throws StoreException {
    return requireNonNull(store(node).find(List.of(key)).get(key)).reserved();
  }

  private static void add(Grant grant, int step, Set<Long> numbers) {
    for (long i = 0; i < grant.size(); i++) {
      long number = grant.first() + i * step;
      assertThat(numbers.add(number)).as("%d for the first time", number).isTrue();
    }
  }

  private void enter(int node, int step) throws StoreException {
    assertThat(nodes().enter(Claims.with(node, step, "UTC"), false).faults()).isEmpty();
  }

  private void leave(int node, int step) throws StoreException {
    nodes().release(Claims.with(node, step, "UTC"));
  }

  @Test
  void noNumberOfTheOldStepComesAgainOnAnyServerOldOrNew() throws Exception {
    Set<Long> numbers = new HashSet<>();
    for (int node = 0; node < 2; node++) {
      enter(node, 2);
      add(reserve(KEY, node, 2, TODAY, 10 + 40 * node), 2, numbers);
      leave(node, 2);
    }

    NodeMigration.Outcome outcome = migrate(3, "UTC", true);

    assertThat(outcome.faults()).isEmpty();
    assertThat(outcome.counters()).isEqualTo(1);
    for (int node = 0; node < 3; node++) {
      enter(node, 3);
      for (int i = 0; i < 3; i++) {
        add(reserve(KEY, node, 3, TODAY, 20), 3, numbers);
      }
    }
  }

  @Test
  void theLatestPeriodCountsAndNoneGoesBack() throws Exception {
    enter(0, 2);
    leave(0, 2);
    reserve(KEY, 0, 2, TODAY, 400);
    reserve(KEY, 1, 2, TOMORROW, 5);

    migrate(4, "UTC", true);

    for (int node = 0; node < 4; node++) {
      assertThat(store(node).find(List.of(KEY)))
          .containsEntry(KEY, new CounterState(TOMORROW, TOMORROW + 86_400, 10, TOMORROW + 1));
      assertThat(reserve(KEY, node, 4, TODAY, 1).period()).isEqualTo(TOMORROW);
    }
  }

  @Test
  void manyCountersAreMovedEachByItsOwnNames() throws Exception {
    enter(1, 2);
    leave(1, 2);
    for (int i = 0; i < 700; i++) {
      reserve(new CounterKey("rule" + i % 3, "app" + i), i % 2, 2, TODAY, i + 1);
    }

    assertThat(migrate(3, "UTC", true).counters()).isEqualTo(700);

    for (int i = 0; i < 700; i += 233) {
      CounterKey key = new CounterKey("rule" + i % 3, "app" + i);
      long reserved = reserved(i % 2, key);
      assertThat(reserved).isEqualTo(1 + i % 2 + 2L * i);
      for (int node = 0; node < 3; node++) {
        assertThat(reserved(node, key)).isEqualTo(reserved);
      }
    }
  }

  @Test
  void whileAServerRunsNothingIsChangedAndItIsNamed() throws Exception {
    reserve(KEY, 0, 2, TODAY, 10);
    enter(0, 2);
    enter(1, 2);
    leave(0, 2);

    assertThat(migrate(3, "UTC", true).faults())
        .singleElement(STRING)
        .startsWith("node_offset 1 is served by the server on machine (pid 17")
        .doesNotContain("\n");
    assertThat(store(1).find(List.of(KEY))).isEmpty();
    assertThat(nodes().enter(Claims.with(0, 3, "UTC"), false).faults()).isNotEmpty();
  }

  @Test
  void beforeItNoServerStartsWithAnotherStepNorAfterItWithTheOldOne() throws Exception {
    enter(0, 2);
    leave(0, 2);
    assertThat(nodes().enter(Claims.with(1, 3, "UTC"), false).faults())
        .singleElement(STRING)
        .startsWith("id_step: ")
        .contains("migrate");

    migrate(3, "UTC", true);

    assertThat(nodes().enter(Claims.with(0, 2, "UTC"), false).faults()).hasSize(1);
    assertThat(nodes().enter(Claims.with(1, 2, "UTC"), false).faults()).hasSize(1);
    enter(0, 3);
  }

  @Test
  void aZoneAloneIsNotedAndMovesNothing() throws Exception {
    enter(0, 2);
    leave(0, 2);
    reserve(KEY, 0, 2, TODAY, 10);

    NodeMigration.Outcome outcome = migrate(2, "Asia/Shanghai", false);

    assertThat(outcome).isEqualTo(new NodeMigration.Outcome(List.of(), 0));
    assertThat(nodes().enter(Claims.with(0, 2, "Asia/Shanghai"), false).faults()).isEmpty();
    assertThat(reserved(0, KEY)).isEqualTo(19);
    assertThat(store(1).find(List.of(KEY))).isEmpty();
  }

  @Test
  void theStepOfServersWithADatabaseEachIsNotChanged() throws Exception {
    enter(0, 2);
    leave(0, 2);

    assertThat(migrate(3, "UTC", false).faults())
        .singleElement(STRING)
        .startsWith("id_step cannot be changed");
  }

  @Test
  void aRuleGoesOverToTheSharedRowAndBackAndNoNumberComesAgain() throws Exception {
    RuleRegister register = new RuleRegister(transactions());
    Set<Long> numbers = new HashSet<>();
    assertThat(register.enter(List.of(rule(RuleEntry.INTERLEAVED)))).isEmpty();
    for (int node = 0; node < 2; node++) {
      enter(node, 2);
      add(reserve(KEY, node, 2, TODAY, 10 + 40 * node), 2, numbers);
      leave(node, 2);
    }
    CounterKey other = new CounterKey("other", "app");
    reserve(other, 0, 2, TODAY, 10);

    assertThat(migrate(2, "UTC", true, List.of(rule(RuleEntry.SHARED))).counters()).isOne();

    assertThat(reserved(0, other)).isEqualTo(19);
    assertThat(store(1).find(List.of(other))).isEmpty();
    for (int i = 0; i < 6; i++) {
      add(reserveShared(i % 3, 20), 1, numbers);
    }

    assertThat(migrate(2, "UTC", true, List.of(rule(RuleEntry.INTERLEAVED))).counters()).isOne();

    for (int node = 0; node < 2; node++) {
      add(reserve(KEY, node, 2, TODAY, 20), 2, numbers);
    }
  }

  @Test
  void strictNumbersGoOnAboveAllOthersAndTheOthersAboveThem() throws Exception {
    Set<Long> numbers = new HashSet<>();
    new RuleRegister(transactions()).enter(List.of(rule(RuleEntry.INTERLEAVED)));
    for (int node = 0; node < 2; node++) {
      enter(node, 2);
      add(reserve(KEY, node, 2, TODAY, 10 + 40 * node), 2, numbers);
      leave(node, 2);
    }

    assertThat(migrate(2, "UTC", true, List.of(rule(RuleEntry.STRICT))).counters()).isOne();
    add(reserveShared(0, 20), 1, numbers);
    assertThat(migrate(2, "UTC", true, List.of(rule(RuleEntry.SHARED))).faults()).isEmpty();
    add(reserveShared(1, 20), 1, numbers);
    assertThat(migrate(2, "UTC", true, List.of(rule(RuleEntry.STRICT))).faults()).isEmpty();
    add(reserveShared(0, 20), 1, numbers);
    assertThat(migrate(2, "UTC", true, List.of(rule(RuleEntry.INTERLEAVED))).counters()).isOne();

    for (int node = 0; node < 2; node++) {
      add(reserve(KEY, node, 2, TODAY, 20), 2, numbers);
    }
  }

  @Test
  void gapFreeNumbersGoOnAboveAllOthersAndTheOthersAboveThem() throws Exception {
    Set<Long> numbers = new HashSet<>();
    new RuleRegister(transactions()).enter(List.of(rule(RuleEntry.INTERLEAVED)));
    for (int node = 0; node < 2; node++) {
      enter(node, 2);
      add(reserve(KEY, node, 2, TODAY, 10 + 40 * node), 2, numbers);
      leave(node, 2);
    }

    assertThat(migrate(2, "UTC", true, List.of(rule(RuleEntry.GAP_FREE))).counters()).isOne();

    add(reserveShared(0, 20), 1, numbers);
    assertThat(migrate(3, "UTC", true, List.of(rule(RuleEntry.GAP_FREE))).counters()).isZero();
    add(reserveShared(1, 20), 1, numbers);

    assertThat(migrate(3, "UTC", true, List.of(rule(RuleEntry.INTERLEAVED))).counters()).isOne();

    for (int node = 0; node < 2; node++) {
      add(reserve(KEY, node, 3, TODAY, 20), 3, numbers);
    }
  }

  @Test
  void anotherStepLeavesSharedRowsAsTheyAre() throws Exception {
    enter(0, 2);
    leave(0, 2);
    new RuleRegister(transactions()).enter(List.of(rule(RuleEntry.SHARED)));
    reserveShared(0, 20);

    assertThat(migrate(3, "UTC", true).counters()).isZero();

    assertThat(reserveShared(2, 20).first()).isEqualTo(21);
  }

  @Test
  void aRuleThatTheRegisterDoesNotKnowIsTakenForWhatItsRowsAre() throws Exception {
    reserve(KEY, 1, 2, TODAY, 10);

    assertThat(new RuleRegister(transactions()).enter(List.of(rule(RuleEntry.SHARED))))
        .singleElement(STRING)
        .startsWith("rule order: allocation: ")
        .contains("are interleaved", "has shared", "migrate");

    assertThat(migrate(2, "UTC", true, List.of(rule(RuleEntry.SHARED))).counters()).isOne();
    assertThat(new RuleRegister(transactions()).enter(List.of(rule(RuleEntry.SHARED)))).isEmpty();
    assertThat(reserveShared(0, 5).first()).isEqualTo(21);
  }

  @Test
  void sharedRowsOfARuleThatTheRegisterDoesNotKnowAreNotTakenForNone() throws Exception {
    reserveShared(0, 10);

    assertThat(new RuleRegister(transactions()).enter(List.of(rule(RuleEntry.INTERLEAVED))))
        .singleElement(STRING)
        .contains("are shared", "has interleaved");
  }
}
