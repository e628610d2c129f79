package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.CounterKey;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.SteadyClock;
import idserver.gapfree.Ask;
import idserver.gapfree.Asker;
import idserver.gapfree.HoldStore;
import idserver.gapfree.Holds;
import idserver.gapfree.Mark;
import idserver.gapfree.Outcome;
import idserver.gapfree.RememberingHolds;
import idserver.gapfree.Settled;
import idserver.reserve.ConflictException;
import idserver.reserve.HighWaterFile;
import idserver.reserve.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.h2.jdbcx.JdbcDataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Orders of clients on two servers and one real database, where everything breaks at any point: the
 * commit fails or its answer is lost, the server dies before or after it, datagrams are lost,
 * doubled and late, and clients forget all but the name of their order, or never come back. What
 * was really committed is written down beside it, and at the end no confirmed number is missing and
 * none is two orders'. How many orders: {@code gapfree.rounds}.
 */
class GapFreeCrashTest {
  private static final int ROUNDS = Integer.getInteger("gapfree.rounds", 3_000);
  private static final CounterKey KEY = new CounterKey("invoice", "shop");
  private static final Numbering NUMBERING =
      new Numbering(NumberRange.shared(1, 999_999_999), Period.named("never").orElseThrow(), 1);
  private static final int HOLD_S = 60;
  private static final int SERVERS = 2;

  /** Orders that are under way at once. */
  private static final int CROWD = 12;

  private static final long BEGIN = 1_795_348_800; // 2026-11-22T12:00Z

  /** What breaks. */
  private enum Fault {
    COMMIT_FAILS,
    COMMIT_CONFLICTS,
    COMMIT_UNKNOWN,
    SERVER_DIES_BEFORE_COMMIT,
    SERVER_DIES_AFTER_COMMIT,
    QUESTION_LOST,
    QUESTION_DOUBLED,
    ANSWER_LOST,
    CLIENT_FORGETS,
    CLIENT_NEVER_COMES_BACK,
    HOLD_RUNS_OUT,
    A_DAY_PASSES
  }

  @TempDir @Nullable Path directory;

  private final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);
  private final Map<Outcome.Source, Integer> given = new EnumMap<>(Outcome.Source.class);
  private Random random = new Random(0);
  private boolean peaceful;
  private long second = BEGIN;
  private int refusedConfirms;
  private int deaths;

  // what was committed, whoever was told of it
  private final Map<Long, String> confirmed = new TreeMap<>();
  private final Map<String, Set<String>> committed = new HashMap<>();

  // each outage is told, and there are hundreds
  private final Logger outages = Logger.getLogger(Holds.class.getName());
  private final List<Server> servers = new ArrayList<>();
  private final Deque<Runnable> late = new ArrayDeque<>();

  private @Nullable Connection open;
  private @Nullable LocalTransactions transactions;

  @BeforeEach
  void begin() throws Exception {
    outages.setUseParentHandlers(false);
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:gapfree" + System.nanoTime() + ";MODE=MySQL;LOCK_TIMEOUT=500");
    open = h2.getConnection();
    Schema.createIfMissing(open);
    transactions = new LocalTransactions(h2);
    for (int i = 0; i < SERVERS; i++) {
      servers.add(new Server(i));
    }
  }

  @AfterEach
  void end() throws Exception {
    outages.setUseParentHandlers(true);
    for (Server server : servers) {
      server.file.close();
    }
    if (transactions != null) {
      transactions.close();
    }
    if (open != null) {
      open.close();
    }
  }

  private boolean breaks(Fault fault, double share) {
    boolean now = !peaceful && random.nextDouble() < share;
    if (now) {
      faults.merge(fault, 1, Integer::sum);
    }
    return now;
  }

  /** The process has ended here: nothing after it happens. */
  private static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death() {
      super("the server died", null, false, false);
    }
  }

  /** The database, between whose commit and whose answer everything can happen. */
  private final class BreakingStore implements HoldStore {
    private final HoldStore store;

    BreakingStore(HoldStore store) {
      this.store = store;
    }

    @Override
    public Settled settle(List<Ask> asks, Map<CounterKey, Mark> marks) throws StoreException {
      if (breaks(Fault.COMMIT_CONFLICTS, 0.02)) {
        throw new ConflictException("on demand", new IllegalStateException());
      }
      if (breaks(Fault.COMMIT_FAILS, 0.02)) {
        throw new StoreException("not committed", null);
      }
      if (breaks(Fault.SERVER_DIES_BEFORE_COMMIT, 0.02)) {
        throw new Death();
      }
      Settled settled = store.settle(asks, marks);
      for (int i = 0; i < asks.size(); i++) {
        write(asks.get(i), settled.outcomes().get(i));
      }
      if (breaks(Fault.SERVER_DIES_AFTER_COMMIT, 0.03)) {
        throw new Death();
      }
      if (breaks(Fault.COMMIT_UNKNOWN, 0.03)) {
        throw new StoreException("committed, and nobody knows", null);
      }
      return settled;
    }

    /** Writes down what is true from now on. */
    private void write(Ask ask, Outcome outcome) {
      if (outcome instanceof Outcome.Given now) {
        given.merge(now.source(), 1, Integer::sum);
        committed.computeIfAbsent(ask.requestId(), r -> new HashSet<>()).add(now.id());
        if (now.source() != Outcome.Source.REPEATED) {
          assertThat(confirmed).as("given again though confirmed").doesNotContainKey(now.number());
        }
      } else if (outcome instanceof Outcome.Confirmed now) {
        String before = confirmed.put(number(now.id()), ask.requestId());
        assertThat(before).as("who had %s before", now.id()).isIn(null, ask.requestId());
        assertThat(committed.get(ask.requestId())).contains(now.id());
      } else if (outcome instanceof Outcome.Cancelled) {
        assertThat(confirmed).as("cancelled though confirmed").doesNotContainValue(ask.requestId());
      }
    }
  }

  private static long number(String id) {
    return Long.parseLong(id.substring("INV-".length()));
  }

  /** A server, whose memory ends with it; its high-water file and the database stay. */
  private final class Server {
    final HighWaterFile file;
    private final Deque<Runnable> work = new ArrayDeque<>();
    private Holds holds;
    private int life;

    Server(int number) throws Exception {
      file = HighWaterFile.open(directory(), number);
      holds = born();
    }

    private Path directory() {
      if (directory == null) {
        throw new IllegalStateException("no directory");
      }
      return directory;
    }

    private Holds born() {
      SteadyClock clock =
          new SteadyClock(() -> second * 1000, () -> second * 1_000_000_000L, ZoneOffset.UTC);
      HoldStore rows = new JpaHoldStore(transactions(), Durability.BY_COMMIT, clock, em -> second);
      HoldStore store = new RememberingHolds(new BreakingStore(rows), () -> {}, file);
      return new Holds(store, 1, 1_000, work::add);
    }

    private Transactions transactions() {
      if (transactions == null) {
        throw new IllegalStateException("no database");
      }
      return transactions;
    }

    void ask(Ask ask, Asker asker) {
      int asked = life;
      holds.ask(ask, System.nanoTime() + 1_000_000_000_000L, new OfThisLife(asker, asked));
    }

    /** Settles what has come, or dies of it. */
    void settle() {
      while (!work.isEmpty()) {
        try {
          work.remove().run();
        } catch (Death e) {
          deaths++;
          life++;
          work.clear();
          holds = born();
        }
      }
    }

    /** Answers of a server that has died are never sent. */
    private final class OfThisLife implements Asker {
      private final Asker asker;
      private final int asked;

      OfThisLife(Asker asker, int asked) {
        this.asker = asker;
        this.asked = asked;
      }

      @Override
      public void settled(Outcome outcome) {
        if (asked == life && !breaks(Fault.ANSWER_LOST, 0.05)) {
          asker.settled(outcome);
        }
      }

      @Override
      public void unsettled() {
        // what a dying writer tells is told by nobody; the others' are as good as lost
      }

      @Override
      public void crowded() {
        throw new AssertionError("too many wait");
      }

      @Override
      public void closed() {
        throw new AssertionError("closed");
      }
    }
  }

  /** A client with an order to number, who knows nothing for sure but the order's name. */
  private final class Client implements Asker {
    final String order;
    private final boolean changesItsMind;
    private @Nullable String id;
    boolean done;

    Client(String order) {
      this.order = order;
      this.changesItsMind = random.nextInt(5) == 0;
    }

    /** Asks for what it does not know yet. */
    void step() {
      if (breaks(Fault.CLIENT_FORGETS, 0.05)) {
        id = null;
      }
      Ask ask = next();
      Server server = servers.get(random.nextInt(SERVERS));
      if (!breaks(Fault.QUESTION_LOST, 0.05)) {
        server.ask(ask, this);
      }
      if (breaks(Fault.QUESTION_DOUBLED, 0.08)) {
        Server other = servers.get(random.nextInt(SERVERS));
        // the answer to the copy finds nobody
        late.add(() -> other.ask(ask, new Nobody()));
      }
    }

    private Ask next() {
      if (id == null) {
        return new Ask.Take(KEY, order, NUMBERING, HOLD_S, (number, moment) -> "INV-" + number);
      }
      // who wavers may cancel what it has asked to confirm, and knows no answer
      return changesItsMind && !peaceful && random.nextBoolean()
          ? new Ask.Cancel(KEY, order)
          : new Ask.Confirm(KEY, order);
    }

    @Override
    public void settled(Outcome outcome) {
      if (done) {
        return;
      }
      if (outcome instanceof Outcome.Given now) {
        assertThat(committed.get(order)).as("told before it was committed").contains(now.id());
        id = now.id();
      } else if (outcome instanceof Outcome.Confirmed now) {
        // the answer that counts: its id goes on the invoice
        assertThat(confirmed.get(number(now.id()))).isEqualTo(order);
        done = true;
      } else if (outcome instanceof Outcome.Cancelled) {
        done = true;
      } else if (outcome instanceof Outcome.Refused no) {
        if (no.reason() == Outcome.Reason.ALREADY_CONFIRMED) {
          done = true;
        } else {
          assertThat(no.reason()).isEqualTo(Outcome.Reason.NOT_HELD);
          refusedConfirms++;
          id = null;
        }
      }
    }

    @Override
    public void unsettled() {
      // asks again
    }

    @Override
    public void crowded() {
      throw new AssertionError("too many wait");
    }

    @Override
    public void closed() {
      throw new AssertionError("closed");
    }
  }

  /** Who is told what nobody waits for. */
  private static final class Nobody implements Asker {
    @Override
    public void settled(Outcome outcome) {}

    @Override
    public void unsettled() {}

    @Override
    public void crowded() {}

    @Override
    public void closed() {}
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {20261123, 4711})
  void noConfirmedNumberIsMissingAndNoneIsTwoOrders(long seed) {
    random = new Random(seed);
    List<Client> crowd = new ArrayList<>();
    for (int round = 0; round < ROUNDS / 2; round++) {
      crowd.add(new Client("order-" + round));
      do {
        step(crowd);
      } while (crowd.size() >= CROWD);
    }
    int unresolved = resolve(crowd);

    Set<Long> numbers = confirmed.keySet();
    System.out.printf(
        "seed %d: %d orders, %d numbers confirmed, 1 to %d; given %s; %d confirms refused;"
            + " %d deaths of servers; at the end %d were not resolved; faults %s%n",
        seed,
        ROUNDS / 2,
        numbers.size(),
        numbers.stream().mapToLong(Long::longValue).max().orElse(0),
        given,
        refusedConfirms,
        deaths,
        unresolved,
        faults);
    assertThat(numbers)
        .as("all from 1 on, none missing")
        .isEqualTo(LongStream.rangeClosed(1, numbers.size()).boxed().collect(Collectors.toSet()));
    assertThat(new HashSet<>(confirmed.values())).as("one each").hasSameSizeAs(numbers);
    if (ROUNDS >= 10_000) {
      // a short run may miss what is rare
      assertThat(faults.keySet()).as("everything broke").containsExactlyInAnyOrder(Fault.values());
    }
  }

  private void step(List<Client> crowd) {
    if (breaks(Fault.HOLD_RUNS_OUT, 0.02)) {
      second += HOLD_S;
    } else if (breaks(Fault.A_DAY_PASSES, 0.001)) {
      // no datagram is a day under way
      deliverTheLate();
      second += 90_000;
    } else {
      second += random.nextInt(3);
    }
    for (Client client : crowd) {
      if (random.nextInt(3) == 0) {
        client.step();
      }
    }
    if (random.nextInt(4) == 0) {
      late.forEach(Runnable::run);
      late.clear();
    }
    servers.forEach(Server::settle);
    crowd.removeIf(client -> client.done || breaks(Fault.CLIENT_NEVER_COMES_BACK, 0.01));
  }

  private void deliverTheLate() {
    late.forEach(Runnable::run);
    late.clear();
    servers.forEach(Server::settle);
  }

  /**
   * From now on nothing breaks: who is under way ends, what ran out is taken, and nothing is free.
   */
  private int resolve(List<Client> crowd) {
    deliverTheLate();
    peaceful = true;
    int unresolved = crowd.size();
    long highest;
    int more = 0;
    do {
      highest = confirmed.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
      second += HOLD_S;
      crowd.add(new Client("last-" + more++));
      while (!crowd.isEmpty()) {
        crowd.forEach(Client::step);
        servers.forEach(Server::settle);
        crowd.removeIf(client -> client.done);
      }
      // the last one took what was free; until one had to take a new number
    } while (!confirmed.containsKey(highest + 1)
        || (confirmed.size() < highest + 1 && more < 10_000));
    return unresolved;
  }
}
