package idserver.store;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.Wish;
import idserver.reserve.Allocation;
import idserver.reserve.BlockStore;
import idserver.reserve.CounterState;
import idserver.reserve.ReservedRows;
import idserver.reserve.StoreException;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reservations as rows, by JPA: a batch is one transaction with one query, one batch of inserts and
 * one of versioned updates. Thread-safe.
 */
public final class JpaBlockStore implements BlockStore, ReservedRows {
  private static final Comparator<Wish> BY_KEY =
      Comparator.comparing((Wish wish) -> wish.key().rule())
          .thenComparing(wish -> wish.key().app());

  private final Transactions transactions;
  private final Durability durability;
  private final int nodeOffset;
  private final IdStep idStep;

  /**
   * @param durability what makes a commit outlast a power cut
   * @param nodeOffset whose rows these are: {@code id_offset} of this server
   * @param idStep how many servers there are
   */
  public JpaBlockStore(
      Transactions transactions, Durability durability, int nodeOffset, IdStep idStep) {
    this.transactions = transactions;
    this.durability = durability;
    this.nodeOffset = nodeOffset;
    this.idStep = idStep;
  }

  @Override
  public List<Grant> reserve(List<Wish> wishes) throws StoreException {
    List<Grant> grants = Transactions.run(transactions, em -> reserve(em, wishes));
    try {
      durability.sync();
    } catch (SQLException e) {
      throw StoreFailure.of(e);
    }
    return grants;
  }

  private List<Grant> reserve(EntityManager em, List<Wish> wishes) {
    // everybody takes rows in one order, and nobody waits for who waits for him
    List<Wish> ordered = wishes.stream().sorted(BY_KEY).toList();
    Map<CounterRowId, CounterRow> rows =
        rows(em, ordered.stream().map(this::id).toList(), durability.lockMode());
    // asked for all at once, and before anything is written
    int held = held(em, ordered, rows);
    Map<CounterKey, Grant> grants = new HashMap<>();
    for (Wish wish : ordered) {
      CounterRow row = rows.get(id(wish));
      int step = step(em, wish, row, held);
      CounterState stored = row == null ? null : row.state();
      Grant grant = Allocation.next(stored, wish, step);
      grants.put(wish.key(), grant);
      Allocation.after(stored, grant, wish)
          .ifPresent(
              state -> {
                if (row == null) {
                  em.persist(new CounterRow(id(wish), state, step));
                } else {
                  row.become(state);
                  row.sharedOutAmong(step);
                }
              });
    }
    return wishes.stream().map(wish -> Objects.requireNonNull(grants.get(wish.key()))).toList();
  }

  /**
   * How many servers the numbers of a counter are shared out among: as its row tells, as that is
   * what its numbers so far were made with; and where there is none, as the database tells of the
   * servers.
   *
   * @param held what that tells, if it was asked; else 0
   */
  private static int step(EntityManager em, Wish wish, @Nullable CounterRow row, int held) {
    int configured = (int) wish.numbering().range().step();
    if (!isInterleaved(wish)) {
      return configured;
    }
    if (row == null) {
      return held;
    }
    if (row.idStep(configured) < held) {
      // perhaps it was read before the servers became more
      em.refresh(row, LockModeType.PESSIMISTIC_WRITE);
    }
    if (row.idStep(configured) < held) {
      throw new PersistenceException(
          "the counter "
              + wish.key()
              + " is shared out among fewer servers than there are. Stop all servers and run once:"
              + " server_ctl.sh migrate id_server {n}");
    }
    return row.idStep(configured);
  }

  /** How many servers the database tells of; 0 where the rows tell all there is to know. */
  private int held(EntityManager em, List<Wish> wishes, Map<CounterRowId, CounterRow> rows) {
    for (Wish wish : wishes) {
      CounterRow row = rows.get(id(wish));
      int configured = (int) wish.numbering().range().step();
      if (isInterleaved(wish) && (row == null || row.idStep(configured) < idStep.known())) {
        return idStep.held(em, durability, configured);
      }
    }
    return 0;
  }

  /** Whether each server has numbers of its own of that counter. */
  private static boolean isInterleaved(Wish wish) {
    return !wish.numbering().range().shared() && !wish.key().rule().isEmpty();
  }

  private CounterRowId id(Wish wish) {
    return id(wish.key(), wish.numbering().range().shared());
  }

  private CounterRowId id(CounterKey key, boolean shared) {
    return new CounterRowId(key.rule(), key.app(), shared ? CounterRow.SHARED : nodeOffset);
  }

  /**
   * Goes the way of a reservation for so many counters and leaves nothing behind, so that the first
   * requests do not wait for classes to be loaded and statements to be composed.
   */
  public void rehearse(int counters) throws StoreException {
    NumberRange range = new NumberRange(0, Long.MAX_VALUE, 1, 0);
    Numbering numbering = new Numbering(range, Period.NEVER, 1);
    List<Wish> wishes = new ArrayList<>(counters);
    for (int i = 0; i < counters; i++) {
      CounterKey key = new CounterKey("", Integer.toString(i)); // of no rule there can be
      wishes.add(new Wish(key, numbering, 0, 1, Long.MIN_VALUE, 0, 0, 0));
    }
    try {
      transactions.rehearse(
          em -> {
            reserve(em, wishes);
            em.flush();
            reserve(em, wishes);
            em.flush();
            idStep.held(em, durability, 1);
          });
      durability.sync();
    } catch (RuntimeException | SQLException e) {
      throw StoreFailure.of(e);
    }
  }

  @Override
  public Map<CounterKey, CounterState> find(Collection<CounterKey> keys) throws StoreException {
    List<CounterRowId> ids = new ArrayList<>();
    for (CounterKey key : keys) {
      ids.add(id(key, false));
      ids.add(id(key, true));
    }
    return Transactions.run(
        transactions,
        em -> {
          Map<CounterKey, CounterState> states = new HashMap<>();
          // of one that was migrated to the other allocation, the old row stays behind
          rows(em, ids, LockModeType.NONE)
              .values()
              .forEach(row -> states.merge(row.key(), row.state(), CounterState::higher));
          return states;
        });
  }

  @Override
  public List<Map.Entry<CounterKey, CounterState>> following(@Nullable CounterKey last, int most)
      throws StoreException {
    // no row has two empty names
    CounterKey after = last == null ? new CounterKey("", "") : last;
    List<CounterRow> rows = Transactions.run(transactions, em -> following(em, after, most));
    return rows.stream().map(row -> Map.entry(row.key(), row.state())).toList();
  }

  private List<CounterRow> following(EntityManager em, CounterKey after, int most) {
    byte[] rule = CounterRowId.bytes(after.rule());
    List<CounterRow> rows =
        new ArrayList<>(
            em.createNamedQuery(CounterRow.FOLLOWING_OF_RULE, CounterRow.class)
                .setParameter("node", nodeOffset)
                .setParameter("rule", rule)
                .setParameter("app", CounterRowId.bytes(after.app()))
                .setMaxResults(most)
                .getResultList());
    if (rows.size() < most) {
      rows.addAll(
          em.createNamedQuery(CounterRow.FOLLOWING_RULES, CounterRow.class)
              .setParameter("node", nodeOffset)
              .setParameter("rule", rule)
              .setMaxResults(most - rows.size())
              .getResultList());
    }
    return rows;
  }

  @Override
  public int giveBack(List<Leftover> leftovers) throws StoreException {
    int taken = Transactions.run(transactions, em -> giveBack(em, leftovers));
    try {
      durability.sync();
    } catch (SQLException e) {
      throw StoreFailure.of(e);
    }
    return taken;
  }

  private int giveBack(EntityManager em, List<Leftover> leftovers) {
    Map<CounterRowId, CounterRow> rows =
        rows(em, leftovers.stream().map(this::id).toList(), durability.lockMode());
    int taken = 0;
    for (Leftover leftover : leftovers) {
      CounterRow row = rows.get(id(leftover));
      if (row == null
          || row.state().period() != leftover.period()
          || row.state().reserved() != leftover.reserved()) {
        continue;
      }
      row.become(row.state().promising(leftover.issued()));
      taken++;
    }
    return taken;
  }

  private CounterRowId id(Leftover leftover) {
    return id(leftover.key(), leftover.shared());
  }

  private static Map<CounterRowId, CounterRow> rows(
      EntityManager em, List<CounterRowId> ids, LockModeType lockMode) {
    Map<CounterRowId, CounterRow> rows = new HashMap<>();
    if (ids.isEmpty()) {
      return rows;
    }
    em.createNamedQuery(CounterRow.BY_KEY, CounterRow.class)
        .setParameter("keys", ids.stream().map(CounterRowId::asList).toList())
        .setLockMode(lockMode)
        .getResultList()
        .forEach(row -> rows.put(row.id(), row));
    return rows;
  }
}
