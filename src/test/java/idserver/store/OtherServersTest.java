package idserver.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.Wish;
import idserver.reserve.ConflictException;
import idserver.reserve.CounterState;
import idserver.reserve.StoreException;
import idserver.store.OtherServers.Floor;
import idserver.store.OtherServers.Outcome;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counters of other servers, of which this one is the first of three, on a real MariaDB. */
class OtherServersTest {
  private static final String SCHEMA = "other_servers";
  private static final CounterKey KEY = new CounterKey("order", "shöp");
  private static final long TODAY = 1_795_305_600;
  private static final long TOMORROW = TODAY + 86_400;
  private static final int STEP = 3;

  private static @Nullable LocalTransactions transactions;

  private final OtherServers others = others(transactions());

  @BeforeAll
  static void open() throws Exception {
    Database database = Database.server(RealMariaDb.emptySchema(SCHEMA));
    database.prepare();
    transactions = new LocalTransactions(database.driver());
  }

  @AfterAll
  static void close() {
    requireNonNull(transactions).close();
  }

  @BeforeEach
  void empty() throws Exception {
    RealMariaDb.execute("TRUNCATE TABLE " + SCHEMA + ".id_server_counter");
    RealMariaDb.execute("TRUNCATE TABLE " + SCHEMA + ".id_server_node");
  }

  private static Transactions transactions() {
    return requireNonNull(transactions);
  }

  private static OtherServers others(Transactions transactions) {
    return new OtherServers(transactions, Durability.BY_COMMIT, 0, new IdStep(0, STEP));
  }

  private static Floor floor(long to) {
    return new Floor(KEY, TODAY, 0, to);
  }

  private static JpaBlockStore store(int node) {
    return new JpaBlockStore(transactions(), Durability.BY_COMMIT, node, new IdStep(node, STEP));
  }

  private static Grant reserve(int node, long period, long size) throws StoreException {
    Numbering numbering =
        new Numbering(
            new NumberRange(1, 999_999, STEP, node), Period.named("day").orElseThrow(), 1);
    Wish wish =
        new Wish(
            KEY,
            numbering,
            period,
            size,
            Long.MIN_VALUE,
            0,
            NumberRange.NOTHING_RESERVED,
            period + 60);
    return store(node).reserve(List.of(wish)).get(0);
  }

  private static void starts(int node) throws StoreException {
    Nodes nodes = new Nodes(transactions(), true);
    assertThat(nodes.enter(Claims.with(node, STEP, "UTC"), false).faults()).isEmpty();
  }

  private static void stops(int node) throws StoreException {
    new Nodes(transactions(), true).release(Claims.with(node, STEP, "UTC"));
  }

  private static @Nullable CounterState row(int node) throws StoreException {
    return store(node).find(List.of(KEY)).get(KEY);
  }

  private static Outcome raised(int node) {
    return new Outcome(node, 1, 0, 0, null);
  }

  private static Outcome there(int node) {
    return new Outcome(node, 0, 1, 0, null);
  }

  private static Outcome refused(int node) {
    return new Outcome(node, 0, 0, 1, KEY);
  }

  @Test
  void theFirstNumberOfAServerThatHasNotUsedTheCounterIsAboveWhetherItRunsOrNot() throws Exception {
    starts(1);

    assertThat(others.raise(List.of(floor(1000)))).containsExactly(raised(1), raised(2));

    assertThat(row(0)).isNull();
    assertThat(reserve(1, TODAY, 5).first()).isEqualTo(1001);
    assertThat(reserve(2, TODAY, 5).first()).isEqualTo(1002);
    assertThat(reserve(1, TOMORROW, 5).first()).as("in the next period").isEqualTo(2);
  }

  @Test
  void itCanBeDoneAgainAndNeverDownwards() throws Exception {
    starts(1);
    others.raise(List.of(floor(1000)));

    assertThat(others.raise(List.of(floor(1000)))).containsExactly(there(1), there(2));
    assertThat(others.raise(List.of(floor(7)))).containsExactly(there(1), there(2));
    assertThat(others.raise(List.of(floor(1001)))).containsExactly(raised(1), raised(2));
    assertThat(row(1)).isEqualTo(new CounterState(TODAY, 0, 1001, 0));
  }

  @Test
  void aServerThatRunsAndHasUsedTheCounterIsRefusedAndNothingIsChangedAnywhere() throws Exception {
    starts(1);
    Grant inHand = reserve(1, TODAY, 10);

    assertThat(others.raise(List.of(floor(1000)))).containsExactly(refused(1), raised(2));
    assertThat(others.raise(List.of(floor(3)))).as("what is in hand").contains(refused(1));

    assertThat(requireNonNull(row(1)).reserved()).isEqualTo(inHand.first() + 9 * STEP);
    assertThat(row(2)).isNull();
  }

  @Test
  void aServerThatWasKilledOrLostSightOfTheDatabaseIsRefusedAsOneThatRuns() throws Exception {
    starts(1);
    reserve(1, TODAY, 10);
    RealMariaDb.execute("UPDATE " + SCHEMA + ".id_server_node SET lease_until = 5");

    assertThat(others.raise(List.of(floor(1000)))).contains(refused(1));
  }

  @Test
  void aServerThatWasStoppedGoesOnAbove() throws Exception {
    starts(1);
    Grant used = reserve(1, TODAY, 10);
    store(1)
        .giveBack(List.of(new Leftover(KEY, false, TODAY, used.first() + 9 * STEP, used.first())));
    stops(1);

    assertThat(others.raise(List.of(floor(1000)))).containsExactly(raised(1), raised(2));

    starts(1);
    assertThat(reserve(1, TODAY, 5).first()).isEqualTo(1001);
  }

  @Test
  void whatAStoppedServerHasOfAnEarlierPeriodIsLeftToItself() throws Exception {
    starts(1);
    reserve(1, TODAY - 86_400, 10);
    stops(1);

    assertThat(others.raise(List.of(floor(1000)))).contains(refused(1));
  }

  @Test
  void aServerInALaterPeriodHasNoSuchNumbers() throws Exception {
    starts(1);
    reserve(1, TOMORROW, 10);

    assertThat(others.raise(List.of(floor(1000)))).containsExactly(there(1), raised(2));
    assertThat(requireNonNull(row(1)).period()).isEqualTo(TOMORROW);
  }

  /** Something happens between the reading and the writing; first it only looks. */
  private static OtherServers meddledWith(Meddling.Event event) {
    AtomicInteger flushes = new AtomicInteger();
    return others(
        Meddling.beforeWriting(
            transactions(),
            () -> {
              if (flushes.incrementAndGet() == 2) {
                event.happen();
              }
            }));
  }

  @Test
  void whatAServerReservesForTheFirstTimeMeanwhileIsSeen() throws Exception {
    starts(1);
    OtherServers meddled = meddledWith(() -> reserve(1, TODAY, 10));

    assertThat(meddled.raise(List.of(floor(1000)))).contains(refused(1));

    assertThat(reserve(1, TODAY, 1).first()).as("goes on where it was").isEqualTo(32);
  }

  @Test
  void whatAServerReservesThatStartsMeanwhileIsSeen() throws Exception {
    starts(1);
    reserve(1, TODAY, 10);
    stops(1);
    OtherServers meddled =
        meddledWith(
            () -> {
              starts(1);
              reserve(1, TODAY, 10);
            });

    assertThat(meddled.raise(List.of(floor(1000)))).contains(refused(1));

    assertThat(reserve(1, TODAY, 1).first()).as("goes on where it was").isEqualTo(62);
  }

  @Test
  void whereTheServersReserveAllTheTimeItIsAConflict() throws Exception {
    OtherServers meddled =
        others(
            Meddling.beforeWriting(
                transactions(),
                () -> {
                  starts(1);
                  reserve(1, TODAY, 1);
                  stops(1);
                }));
    starts(1);
    reserve(1, TODAY, 1);
    stops(1);

    assertThatThrownBy(() -> meddled.raise(List.of(floor(1000))))
        .isInstanceOf(ConflictException.class);
    assertThat(requireNonNull(row(1)).reserved()).isLessThan(1000);
  }

  @Test
  void manyCountersAreRaisedInSeveralTransactions() throws Exception {
    List<Floor> floors =
        IntStream.range(0, 1100)
            .mapToObj(i -> new Floor(new CounterKey("rule" + i % 3, "app" + i), TODAY, 0, i))
            .toList();

    assertThat(others.raise(floors))
        .containsExactly(new Outcome(1, 1100, 0, 0, null), new Outcome(2, 1100, 0, 0, null));

    CounterKey last = new CounterKey("rule" + 1099 % 3, "app1099");
    assertThat(store(2).find(List.of(last)).get(last))
        .isEqualTo(new CounterState(TODAY, 0, 1099, 0));
  }

  @Test
  void aServerThatIsAloneHasNoOthers() throws Exception {
    assertThat(
            new OtherServers(transactions(), Durability.BY_COMMIT, 0, new IdStep(0, 1))
                .raise(List.of(floor(1000))))
        .isEmpty();
  }
}
