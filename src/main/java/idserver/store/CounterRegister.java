package idserver.store;

import idserver.counter.CounterKey;
import idserver.reserve.StoreException;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The counters of all servers on this database, for who looks at them. Thread-safe. */
public final class CounterRegister {
  /** So many rows are read in one transaction. */
  private static final int BATCH = 500;

  /** So many rows are looked at for one page, however few fit. */
  private static final int MOST_LOOKED_AT = 20_000;

  private final Transactions transactions;

  public CounterRegister(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Some of the counters. Immutable.
   *
   * @param counters by rule, namespace and server
   * @param last where the next page goes on; null when there is none
   */
  public record Page(List<StoredCounter> counters, @Nullable StoredCounter last) {
    public Page {
      counters = List.copyOf(counters);
    }
  }

  /**
   * The counters behind one, up to so many of those that fit. A page may hold fewer and not be the
   * last: the search goes on with the next.
   *
   * @param search a part of the rule's name or the namespace's; empty for all
   * @param rule the name to go on behind, with {@code app} and {@code nodeOffset}; three empty ones
   *     ({@code "", "", -1}) for the first page
   * @param most 1 or more
   */
  public Page page(String search, String rule, String app, int nodeOffset, int most)
      throws StoreException {
    List<StoredCounter> found = new ArrayList<>();
    // what has no rule is not a counter
    String afterRule = rule;
    String afterApp = app;
    int afterNode = nodeOffset;
    StoredCounter lastLookedAt = null;
    for (int lookedAt = 0; lookedAt < MOST_LOOKED_AT; lookedAt += BATCH) {
      List<StoredCounter> batch = batch(afterRule, afterApp, afterNode);
      for (StoredCounter counter : batch) {
        if (fits(counter.key(), search)) {
          found.add(counter);
        }
        if (found.size() == most) {
          return new Page(found, counter);
        }
      }
      if (batch.size() < BATCH) {
        return new Page(found, null);
      }
      lastLookedAt = batch.get(batch.size() - 1);
      afterRule = lastLookedAt.key().rule();
      afterApp = lastLookedAt.key().app();
      afterNode = lastLookedAt.nodeOffset();
    }
    return new Page(found, lastLookedAt);
  }

  private static boolean fits(CounterKey key, String search) {
    return key.rule().contains(search) || key.app().contains(search);
  }

  private List<StoredCounter> batch(String rule, String app, int nodeOffset) throws StoreException {
    return Transactions.run(transactions, em -> batch(em, rule, app, nodeOffset));
  }

  private static List<StoredCounter> batch(
      EntityManager em, String rule, String app, int nodeOffset) {
    byte[] ruleName = CounterRowId.bytes(rule);
    byte[] appName = CounterRowId.bytes(app);
    List<CounterRow> rows = new ArrayList<>();
    if (!rule.isEmpty()) {
      rows.addAll(
          em.createNamedQuery(CounterRow.NEXT_NODES, CounterRow.class)
              .setParameter("rule", ruleName)
              .setParameter("app", appName)
              .setParameter("node", nodeOffset)
              .setMaxResults(BATCH)
              .getResultList());
      if (rows.size() < BATCH) {
        rows.addAll(
            em.createNamedQuery(CounterRow.NEXT_APPS, CounterRow.class)
                .setParameter("rule", ruleName)
                .setParameter("app", appName)
                .setMaxResults(BATCH - rows.size())
                .getResultList());
      }
    }
    if (rows.size() < BATCH) {
      rows.addAll(
          em.createNamedQuery(CounterRow.NEXT_RULES, CounterRow.class)
              .setParameter("rule", ruleName)
              .setMaxResults(BATCH - rows.size())
              .getResultList());
    }
    return rows.stream()
        .map(row -> new StoredCounter(row.key(), row.nodeOffset(), row.state()))
        .toList();
  }
}
