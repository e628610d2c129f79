package idserver.store;

import idserver.reserve.ConflictException;
import idserver.reserve.StoreException;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The rules that the database knows, and what their ids were made with: a rule that came back with
 * anything else, after a restart or on another server, would make ids a second time. Thread-safe.
 */
public final class RuleRegister {
  private static final int CONFLICTS = 5;

  private final Transactions transactions;

  // what was seen in the database to be as it should be: it is not asked again
  private final Set<RuleEntry> fine = ConcurrentHashMap.newKeySet();

  public RuleRegister(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Notes the rules that are new, unless something stands against any of them.
   *
   * @return what does, a line each; then nothing was noted
   * @throws StoreException when the database cannot be asked, which known rules do not need
   */
  public List<String> enter(Collection<RuleEntry> rules) throws StoreException {
    List<String> faults = transact(rules, true);
    if (faults.isEmpty()) {
      fine.addAll(rules);
    }
    return faults;
  }

  /** What would stand against {@link #enter}; changes nothing. */
  public List<String> compare(Collection<RuleEntry> rules) throws StoreException {
    return transact(rules, false);
  }

  private List<String> transact(Collection<RuleEntry> rules, boolean note) throws StoreException {
    if (fine.containsAll(rules)) {
      return List.of();
    }
    for (int tries = 1; ; tries++) {
      try {
        return Transactions.run(transactions, em -> compare(em, rules, note));
      } catch (ConflictException e) {
        // another server that starts has noted the same rules
        if (tries == CONFLICTS) {
          throw e;
        }
      }
    }
  }

  private static List<String> compare(EntityManager em, Collection<RuleEntry> rules, boolean note) {
    Map<String, RuleRow> rows = new HashMap<>();
    em.createNamedQuery(RuleRow.ALL, RuleRow.class)
        .getResultList()
        .forEach(row -> rows.put(row.entry().name(), row));
    List<String> faults = new ArrayList<>();
    Map<RuleEntry, RuleEntry> known = new HashMap<>();
    for (RuleEntry rule : rules) {
      RuleRow row = rows.get(rule.name());
      RuleEntry before = row == null ? unregistered(em, rule) : row.entry();
      known.put(rule, before);
      if (before.differsInAllocation(rule)) {
        faults.add(allocationChanged(before, rule));
      }
      if (before.differsInTimeIds(rule)) {
        faults.add(timeIdsChanged(before, rule));
      }
    }
    if (note && faults.isEmpty()) {
      known.forEach((rule, before) -> note(em, rows.get(rule.name()), before.completedBy(rule)));
    }
    return faults;
  }

  private static void note(EntityManager em, @Nullable RuleRow row, RuleEntry entry) {
    if (row == null) {
      em.persist(new RuleRow(entry));
    } else if (!row.entry().equals(entry)) {
      row.become(entry);
    }
  }

  /** A rule that the register does not know: its rows, if any, show how they were reserved. */
  private static RuleEntry unregistered(EntityManager em, RuleEntry rule) {
    String allocation = "";
    if (hasRows(em, rule, 0, Integer.MAX_VALUE)) {
      allocation = RuleEntry.INTERLEAVED;
    } else if (hasRows(em, rule, CounterRow.SHARED, CounterRow.SHARED)) {
      allocation = RuleEntry.SHARED;
    }
    return new RuleEntry(rule.name(), allocation, "", 0);
  }

  private static boolean hasRows(EntityManager em, RuleEntry rule, int lowest, int highest) {
    return !em.createNamedQuery(CounterRow.NODES_OF_RULE, Integer.class)
        .setParameter("rule", CounterRowId.bytes(rule.name()))
        .setParameter("lowest", lowest)
        .setParameter("highest", highest)
        .setMaxResults(1)
        .getResultList()
        .isEmpty();
  }

  private static String allocationChanged(RuleEntry before, RuleEntry now) {
    return "rule "
        + now.name()
        + ": allocation: its numbers in the database are "
        + before.allocation()
        + ", and the configuration has "
        + now.allocation()
        + ": ids could come twice. Set it back; or stop all servers, change it in all"
        + " configurations, and run once: server_ctl.sh migrate id_server {n}";
  }

  private static String timeIdsChanged(RuleEntry before, RuleEntry now) {
    return "rule "
        + now.name()
        + ": layout and epoch: its time ids were made as "
        + before.timeIds()
        + ", and the configuration has "
        + now.timeIds()
        + ": ids could come twice. Set it back, or give the rule another name";
  }
}
