package idserver.store;

import idserver.counter.CounterKey;
import idserver.counter.SteadyClock;
import idserver.gapfree.Ask;
import idserver.gapfree.Hold;
import idserver.gapfree.HoldStore;
import idserver.gapfree.Mark;
import idserver.gapfree.Outcome;
import idserver.gapfree.Settled;
import idserver.gapfree.Sheet;
import idserver.reserve.CounterState;
import idserver.reserve.StoreException;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.TypedQuery;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Whose the numbers of gap-free counters are, as rows, by JPA. Thread-safe.
 *
 * <p>Who settles asks of a counter first locks its row, of no node as those of shared counters are;
 * so all servers come one after the other, and each reads what the one before has committed. Every
 * change counts the row's version up as well: where locks do not reach the other nodes of a cluster
 * of databases, the second one of two is refused at its commit.
 */
public final class JpaHoldStore implements HoldStore {
  private static final Comparator<CounterKey> BY_NAME =
      Comparator.comparing(CounterKey::rule).thenComparing(CounterKey::app);

  private final Transactions transactions;
  private final Durability durability;
  private final SteadyClock clock;
  private final ToLongFunction<EntityManager> databaseSecond;

  /**
   * @param durability what makes a commit outlast a power cut
   * @param clock the time of which ids are made
   */
  public JpaHoldStore(Transactions transactions, Durability durability, SteadyClock clock) {
    this(transactions, durability, clock, Nodes::unixTime);
  }

  JpaHoldStore(
      Transactions transactions,
      Durability durability,
      SteadyClock clock,
      ToLongFunction<EntityManager> databaseSecond) {
    this.transactions = transactions;
    this.durability = durability;
    this.clock = clock;
    this.databaseSecond = databaseSecond;
  }

  @Override
  public Settled settle(List<Ask> asks, Map<CounterKey, Mark> marks) throws StoreException {
    Settled settled = Transactions.run(transactions, em -> settle(em, asks, marks));
    try {
      durability.sync();
    } catch (SQLException e) {
      throw StoreFailure.of(e);
    }
    return settled;
  }

  private Settled settle(EntityManager em, List<Ask> asks, Map<CounterKey, Mark> marks) {
    // everybody locks rows in one order, and nobody waits for who waits for him
    Map<CounterKey, Desk> desks = new TreeMap<>(BY_NAME);
    for (Ask ask : asks) {
      desks.computeIfAbsent(ask.key(), Desk::new).asks.add(ask);
    }
    desks.values().forEach(desk -> desk.lock(em));
    // behind the locks: nobody has waited since
    long now = databaseSecond.applyAsLong(em);
    for (Desk desk : desks.values()) {
      desk.open(em, marks.get(desk.key), now);
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (Ask ask : asks) {
      outcomes.add(Objects.requireNonNull(desks.get(ask.key())).sheet().settle(ask));
    }
    Map<CounterKey, Mark> reached = new HashMap<>();
    Set<CounterKey> older = new HashSet<>();
    for (Desk desk : desks.values()) {
      desk.close(em, reached);
      if (desk.sheet().isOlder()) {
        older.add(desk.key);
      }
    }
    return new Settled(outcomes, reached, older);
  }

  /** One counter of a batch, with its rows. Confined to the transaction. */
  private final class Desk {
    final CounterKey key;
    final List<Ask> asks = new ArrayList<>();
    private final Map<Long, HoldRow> rows = new HashMap<>();
    private @Nullable CounterRow row;
    private @Nullable HoldRow changes;
    private @Nullable Sheet sheet;

    Desk(CounterKey key) {
      this.key = key;
    }

    void lock(EntityManager em) {
      CounterRowId id = new CounterRowId(key.rule(), key.app(), CounterRow.SHARED);
      row = em.find(CounterRow.class, id, LockModeType.PESSIMISTIC_WRITE);
    }

    Sheet sheet() {
      Sheet opened = sheet;
      if (opened == null) {
        throw new IllegalStateException("not open: " + key);
      }
      return opened;
    }

    void open(EntityManager em, @Nullable Mark mark, long now) {
      List<byte[]> requests =
          asks.stream().map(Ask::requestId).distinct().map(CounterRowId::bytes).toList();
      List<Hold> named = holds(query(em, HoldRow.OF_REQUESTS).setParameter("requests", requests));
      changes = em.find(HoldRow.class, HoldRow.changesOf(key));
      long changed = changes == null ? 0 : changes.count();
      Sheet opened = new Sheet(row == null ? null : row.state(), changed, mark, named, clock, now);
      sheet = opened;
      if (opened.isOlder()) {
        opened.doubt(holds(query(em, HoldRow.OPEN)));
      }
      List<Ask.Take> takes = new ArrayList<>();
      for (Ask ask : asks) {
        if (ask instanceof Ask.Take take) {
          takes.add(take);
        }
      }
      long period = 0;
      for (Ask.Take take : takes) {
        period = opened.begin(take.numbering());
      }
      if (!takes.isEmpty()) {
        int most = asks.size();
        List<Hold> available =
            new ArrayList<>(
                holds(query(em, HoldRow.FREE).setParameter("period", period).setMaxResults(most)));
        available.addAll(
            holds(
                query(em, HoldRow.LAPSED)
                    .setParameter("period", period)
                    .setParameter("now", now)
                    .setMaxResults(most)));
        List<Hold> forgettable =
            holds(query(em, HoldRow.FORGETTABLE).setParameter("now", now).setMaxResults(most));
        opened.offer(available, forgettable, lastSlot(em));
      }
    }

    private TypedQuery<HoldRow> query(EntityManager em, String name) {
      return em.createNamedQuery(name, HoldRow.class)
          .setParameter("rule", CounterRowId.bytes(key.rule()))
          .setParameter("app", CounterRowId.bytes(key.app()));
    }

    private List<Hold> holds(TypedQuery<HoldRow> query) {
      List<Hold> holds = new ArrayList<>();
      for (HoldRow found : query.getResultList()) {
        rows.put(found.slot(), found);
        holds.add(found.hold());
      }
      return holds;
    }

    private long lastSlot(EntityManager em) {
      Long last =
          em.createNamedQuery(HoldRow.LAST_SLOT, Long.class)
              .setParameter("rule", CounterRowId.bytes(key.rule()))
              .setParameter("app", CounterRowId.bytes(key.app()))
              .getSingleResult();
      return last == null ? 0 : last;
    }

    void close(EntityManager em, Map<CounterKey, Mark> reached) {
      CounterRow counter = row;
      if (!sheet().isChanged()) {
        if (counter != null) {
          reached.put(key, new Mark(counter.state(), sheet().changes()));
        }
        return;
      }
      CounterState state = sheet().state();
      reached.put(key, new Mark(state, sheet().changes()));
      HoldRow before = changes;
      if (before == null) {
        em.persist(new HoldRow(key, sheet().changes()));
      } else {
        before.count(sheet().changes());
      }
      if (counter == null) {
        em.persist(
            new CounterRow(new CounterRowId(key.rule(), key.app(), CounterRow.SHARED), state, 1));
      } else {
        counter.become(state);
        em.lock(counter, LockModeType.OPTIMISTIC_FORCE_INCREMENT);
      }
      for (Hold hold : sheet().changed()) {
        HoldRow held = rows.get(hold.slot());
        if (held == null) {
          em.persist(new HoldRow(key, hold));
        } else {
          held.become(hold);
        }
      }
    }
  }

  /**
   * The numbers of a counter that are not confirmed: those held, those free, and those that are
   * doubtful, by period and number.
   *
   * @param afterPeriod the period to go on in, {@link Long#MIN_VALUE} for the first page
   * @param afterNumber the number to go on behind
   * @param most 1 or more
   */
  public List<Hold> unconfirmed(CounterKey key, long afterPeriod, long afterNumber, int most)
      throws StoreException {
    return Transactions.run(
        transactions,
        em ->
            em
                .createNamedQuery(HoldRow.UNCONFIRMED, HoldRow.class)
                .setParameter("rule", CounterRowId.bytes(key.rule()))
                .setParameter("app", CounterRowId.bytes(key.app()))
                .setParameter("period", afterPeriod)
                .setParameter("number", afterNumber)
                .setMaxResults(most)
                .getResultList()
                .stream()
                .map(HoldRow::hold)
                .toList());
  }
}
