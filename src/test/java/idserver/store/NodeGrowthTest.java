package idserver.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.Wish;
import idserver.reserve.ConflictException;
import idserver.reserve.CounterState;
import idserver.reserve.StoreException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers become more while they reserve, on a real MariaDB. */
class NodeGrowthTest {
  private static final String SCHEMA = "node_growth";
  private static final CounterKey KEY = new CounterKey("order", "shöp");
  private static final long TODAY = 1_795_305_600;
  private static final long TOMORROW = TODAY + 86_400;
  private static final Period DAY = Period.named("day").orElseThrow();

  private static @Nullable LocalTransactions transactions;

  /** Every number that was granted, and by which server. */
  private final Map<String, Integer> granted = new ConcurrentHashMap<>();

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
    RealMariaDb.execute(
        "TRUNCATE TABLE " + SCHEMA + ".id_server_counter",
        "TRUNCATE TABLE " + SCHEMA + ".id_server_rule",
        "TRUNCATE TABLE " + SCHEMA + ".id_server_node");
  }

  private static Transactions transactions() {
    return requireNonNull(transactions);
  }

  private static Nodes nodes() {
    return new Nodes(transactions(), true);
  }

  private static NodeGrowth.Outcome grow(int idStep) throws Exception {
    try (Connection connection =
        Database.server(RealMariaDb.settings(SCHEMA)).driver().getConnection()) {
      return new NodeGrowth(idStep).run(connection);
    }
  }

  /** One server, which goes by what it was configured with until the database tells otherwise. */
  private final class Server {
    private final int node;
    private final int configured;
    private final IdStep idStep;
    private final JpaBlockStore store;
    private final Map<CounterKey, CounterState> known = new HashMap<>();

    Server(int node, int configured) throws StoreException {
      this.node = node;
      this.configured = configured;
      this.idStep = new IdStep(node, configured);
      this.store = new JpaBlockStore(transactions(), Durability.BY_COMMIT, node, idStep);
      assertThat(nodes().enter(Claims.with(node, configured, "UTC"), false).faults()).isEmpty();
    }

    /** Reserves, again where another was on the row, and notes each number. */
    List<Grant> reserve(long period, long size, List<CounterKey> keys) throws StoreException {
      List<Wish> wishes = keys.stream().map(key -> wish(key, period, size)).toList();
      while (true) {
        try {
          List<Grant> grants = store.reserve(wishes);
          for (int i = 0; i < grants.size(); i++) {
            note(wishes.get(i), grants.get(i));
          }
          return grants;
        } catch (ConflictException e) {
          // again
        }
      }
    }

    Grant reserve(long period, long size) throws StoreException {
      return reserve(period, size, List.of(KEY)).get(0);
    }

    private Wish wish(CounterKey key, long period, long size) {
      NumberRange range = new NumberRange(1, 99_999_999, configured, node);
      CounterState last =
          known.getOrDefault(
              key, new CounterState(Long.MIN_VALUE, 0, NumberRange.NOTHING_RESERVED, 0));
      return new Wish(
          key,
          new Numbering(range, DAY, 1000),
          Math.max(period, last.period()),
          size,
          last.period(),
          last.until(),
          last.reserved(),
          period);
    }

    private void note(Wish wish, Grant grant) {
      NumberRange range = wish.numbering().range();
      known.put(
          wish.key(),
          new CounterState(grant.period(), grant.until(), grant.lastIn(range), grant.period()));
      for (long i = 0; i < grant.size(); i++) {
        long number = grant.first() + i * grant.stepIn(range);
        Integer before = granted.put(wish.key() + " " + grant.period() + " " + number, node);
        assertThat(before).as("%s %d of server %d", wish.key(), number, node).isNull();
      }
    }
  }

  @Test
  void noNumberComesTwiceAndWhoRunsLearnsOfItWithTheNextReservation() throws Exception {
    Server first = new Server(0, 2);
    Server second = new Server(1, 2);
    first.reserve(TODAY, 10);
    second.reserve(TODAY, 40);

    NodeGrowth.Outcome outcome = grow(3);

    assertThat(outcome).isEqualTo(new NodeGrowth.Outcome(List.of(), 2, 1));
    Server third = new Server(2, 3);
    for (int i = 0; i < 3; i++) {
      Grant grant = first.reserve(TODAY, 20);
      assertThat(grant.step()).isEqualTo(3);
      assertThat((grant.first() - 1) % 3).isZero();
      second.reserve(TODAY, 20);
      third.reserve(TODAY, 20);
    }
    // above the highest of all, which was 1 + 1 + 2 * 39
    assertThat(third.reserve(TODAY, 1).first()).isGreaterThan(80);
    assertThat(first.reserve(TOMORROW, 2).first()).isEqualTo(1);
    assertThat(third.reserve(TOMORROW, 2).first()).isEqualTo(3);
    assertThat(first.idStep.known()).isEqualTo(2);
  }

  @Test
  void aNewCounterGoesByTheServersOwnRows() throws Exception {
    Server first = new Server(0, 2);
    Server second = new Server(1, 2);

    assertThat(grow(3).counters()).isZero();

    Server third = new Server(2, 3);
    first.reserve(TODAY, 30);
    second.reserve(TODAY, 30);
    third.reserve(TODAY, 30);
    assertThat(first.idStep.known()).isEqualTo(3);
  }

  @Test
  void aRenewedLeaseTellsOfIt() throws Exception {
    NodeClaim claim = Claims.with(0, 2, "UTC");
    NodeLease lease = NodeLease.take(nodes(), claim, false);
    lease.renew();
    assertThat(lease.idStep().known()).isEqualTo(2);

    grow(5);
    lease.renew();

    assertThat(lease.idStep().known()).isEqualTo(5);
  }

  @Test
  void aReservationThatBeganBeforeIsAConflictAndThenGoesByTheNewStep() throws Exception {
    Server first = new Server(0, 2);
    first.reserve(TODAY, 10);
    JpaBlockStore meddled = meddled(() -> grow(3));

    assertThatThrownBy(() -> meddled.reserve(List.of(first.wish(KEY, TODAY, 5))))
        .isInstanceOf(ConflictException.class);
    assertThat(first.reserve(TODAY, 5).step()).isEqualTo(3);
  }

  @Test
  void theServersDoNotBecomeMoreWhileOneReservesForANewCounter() throws Exception {
    Server first = new Server(0, 2);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      List<Future<NodeGrowth.Outcome>> growing = new ArrayList<>();
      JpaBlockStore meddled =
          meddled(
              () -> {
                growing.add(thread.submit(() -> grow(3)));
                assertThatThrownBy(() -> growing.get(0).get(300, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
              });

      meddled.reserve(List.of(first.wish(KEY, TODAY, 5)));

      assertThat(growing.get(0).get().counters()).isEqualTo(1);
    } finally {
      thread.shutdown();
    }
  }

  private static JpaBlockStore meddled(Meddling.Event event) {
    return new JpaBlockStore(
        Meddling.beforeWriting(transactions(), event), Durability.BY_COMMIT, 0, new IdStep(0, 2));
  }

  @Test
  void nothingIsToBeDoneTwiceAndItIsNotMadeSmaller() throws Exception {
    Server first = new Server(0, 2);
    first.reserve(TODAY, 10);

    assertThat(grow(3).counters()).isEqualTo(1);
    assertThat(grow(3)).isEqualTo(new NodeGrowth.Outcome(List.of(), 3, 0));
    assertThat(grow(2).faults()).singleElement().asString().contains("is 3", "has 2", "migrate");
    assertThat(grow(5_000).faults()).singleElement().asString().contains("1000");
  }

  @Test
  void aDatabaseWithoutServersHasNothingToGrow() throws Exception {
    assertThat(grow(3).faults()).singleElement().asString().contains("no server");
  }

  @Test
  void orderedTimeIdsStandInTheWay() throws Exception {
    new Server(0, 2);
    RealMariaDb.execute(
        "INSERT INTO " + SCHEMA + ".id_server_rule VALUES ('ticks', '', 'ordered', 0, 1)");

    assertThat(grow(3).faults()).singleElement().asString().contains("rule ticks", "ordered");
    assertThat(nodes().all()).allMatch(node -> node.idStep() == 2);
  }

  @Test
  void countersThatAllServersShareAndTheServersTimeStayAsTheyAre() throws Exception {
    Server first = new Server(0, 2);
    RealMariaDb.execute(
        "INSERT INTO " + SCHEMA + ".id_server_rule VALUES ('shared', 'shared', '', 0, 1)",
        "INSERT INTO "
            + SCHEMA
            + ".id_server_counter VALUES ('shared', 'app', -1, 0, 0, 77, 0, 1, 9),"
            + " ('', 'time', 0, 0, 0, 99, 0, 0, 9)");
    first.reserve(TODAY, 10);

    assertThat(grow(3).counters()).isEqualTo(1);

    JpaBlockStore store = first.store;
    assertThat(store.following(null, 100))
        .extracting(row -> row.getKey() + " " + row.getValue().reserved())
        .containsExactlyInAnyOrder(
            KEY + " 19",
            new CounterKey("shared", "app") + " 77",
            new CounterKey("", "time") + " 99");
  }

  @Test
  void aDatabaseThatCameBackOlderThanTheGrowthIsNotReservedIn() throws Exception {
    Server first = new Server(0, 2);
    first.reserve(TODAY, 10);
    first.idStep.learn(3);

    assertThatThrownBy(() -> first.store.reserve(List.of(first.wish(KEY, TODAY, 1))))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(ConflictException.class)
        .hasMessageContaining("older than the growth to id_step 3")
        .hasMessageContaining("later one");
  }

  @Test
  void aRowOfAnEarlierVersionGoesByTheConfiguration() throws Exception {
    Server first = new Server(0, 2);
    Server second = new Server(1, 2);
    first.reserve(TODAY, 10);
    RealMariaDb.execute("UPDATE " + SCHEMA + ".id_server_counter SET id_step = 0");

    assertThat(first.reserve(TODAY, 3).first()).isEqualTo(21);
    RealMariaDb.execute("UPDATE " + SCHEMA + ".id_server_counter SET id_step = 0");
    assertThat(grow(3).counters()).isEqualTo(1);
    second.reserve(TODAY, 10);
    first.reserve(TODAY, 10);
    new Server(2, 3).reserve(TODAY, 10);
  }

  @Test
  void manyCountersOfManyRulesAreChangedSomeAtATime() throws Exception {
    Server first = new Server(0, 2);
    List<CounterKey> keys = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      keys.add(new CounterKey(i < 5_900 ? "rule" : "rule" + i, "app" + i));
    }
    for (int from = 0; from < keys.size(); from += 500) {
      first.reserve(TODAY, 3, keys.subList(from, from + 500));
    }

    assertThat(grow(3).counters()).isEqualTo(6_000);
    assertThat(grow(4).counters()).isEqualTo(6_000);

    Server fourth = new Server(3, 4);
    for (int from = 0; from < keys.size(); from += 500) {
      fourth.reserve(TODAY, 3, keys.subList(from, from + 500));
      first.reserve(TODAY, 3, keys.subList(from, from + 500));
    }
  }

  @Test
  void aGrowthThatIsCutOffGoesOnWhenItIsBegunAgain() throws Exception {
    Server first = new Server(0, 2);
    Server second = new Server(1, 2);
    List<CounterKey> keys = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      keys.add(new CounterKey("rule" + i % 6, "app" + i));
    }
    boolean whole = false;
    for (int commits = 0; !whole; commits++) {
      first.reserve(TODAY, 7, keys.subList(0, Math.min(commits, keys.size())));
      second.reserve(TODAY, 5, keys.subList(commits % keys.size(), keys.size()));
      try (Connection connection =
          Database.server(RealMariaDb.settings(SCHEMA)).driver().getConnection()) {
        whole = new NodeGrowth(3).run(cutOffAfter(commits, connection)).faults().isEmpty();
      } catch (SQLException e) {
        assertThat(e.getMessage()).isEqualTo("cut off");
      }
    }
    Server third = new Server(2, 3);
    for (Server server : List.of(third, first, second)) {
      server.reserve(TODAY, 9, keys);
    }
  }

  /** A connection that is lost after so many commits. */
  private static Connection cutOffAfter(int commits, Connection connection) {
    int[] left = {commits};
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("commit") && left[0]-- == 0) {
                connection.rollback();
                throw new SQLException("cut off", "08S01");
              }
              return method.invoke(connection, arguments);
            });
  }

  /** Four servers reserve for old and new counters while they grow from two to three to four. */
  @Test
  void underLoadNoNumberComesTwice() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    AtomicBoolean over = new AtomicBoolean();
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<Integer>> working = new ArrayList<>();
      Server first = new Server(0, 2);
      Server second = new Server(1, 2);
      working.add(threads.submit(reserving(first, seed, over)));
      working.add(threads.submit(reserving(second, seed + 1, over)));
      for (int servers = 3; servers <= 4; servers++) {
        awaitMore(1_000);
        assertThat(grow(servers).faults()).isEmpty();
        working.add(
            threads.submit(reserving(new Server(servers - 1, servers), seed + servers, over)));
      }
      awaitMore(2_000);
      over.set(true);
      for (Future<Integer> each : working) {
        assertThat(each.get()).isPositive();
      }
    } finally {
      over.set(true);
      threads.shutdown();
    }
    assertThat(Set.copyOf(granted.values())).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  private void awaitMore(int numbers) {
    int before = granted.size();
    while (granted.size() < before + numbers) {
      Thread.onSpinWait();
    }
  }

  private static Callable<Integer> reserving(Server server, long seed, AtomicBoolean over) {
    return () -> {
      SplittableRandom random = new SplittableRandom(seed);
      int names = 3;
      int reserved = 0;
      while (!over.get()) {
        List<CounterKey> keys = new ArrayList<>();
        for (int i = 0; i < names; i++) {
          if (random.nextInt(3) == 0) {
            keys.add(new CounterKey("rule" + i % 3, "app" + i));
          }
        }
        server.reserve(random.nextInt(50) == 0 ? TOMORROW : TODAY, 1 + random.nextInt(30), keys);
        reserved += keys.size();
        names = Math.min(names + 1, 100);
      }
      return reserved;
    };
  }
}
