package idserver.store;

import idserver.counter.CounterKey;
import idserver.reserve.ConflictException;
import idserver.reserve.CounterState;
import idserver.reserve.StoreException;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The counters of the other servers of this database, those that have not started yet included: has
 * them go on above numbers that are in use elsewhere, without asking those servers. Thread-safe.
 *
 * <p>That is done only where such a server can have no number up to there in hand: where it has
 * never reserved any of the counter, or has been stopped. It is a change of its row by
 * compare-and-set, as a reservation is: whatever the server reserves meanwhile makes it fail and
 * look again, and what the server reserves afterwards is above. A lease that has run out proves
 * nothing, as who has lost sight of the database goes on with what it has in hand.
 */
public final class OtherServers {
  /** Rows that are changed in one transaction, or some more. */
  private static final int BATCH = 500;

  private static final int TRIES = 3;

  /** The time of a row whose server has never reserved: it was only told what to leave out. */
  private static final long NEVER = 0;

  private final Transactions transactions;
  private final Durability durability;
  private final int nodeOffset;
  private final IdStep idStep;

  /**
   * @param durability how the database's rows are held
   * @param nodeOffset {@code id_offset} of this server, whose counters are not touched
   * @param idStep how many servers there are
   */
  public OtherServers(
      Transactions transactions, Durability durability, int nodeOffset, IdStep idStep) {
    this.transactions = transactions;
    this.durability = durability;
    this.nodeOffset = nodeOffset;
    this.idStep = idStep;
  }

  /**
   * What a counter is to leave out. Immutable.
   *
   * @param period start of the present period, in seconds of the local clock
   * @param until when it ends
   * @param to the last number in use elsewhere in it
   */
  public record Floor(CounterKey key, long period, long until, long to) {}

  /**
   * What came of it on one server. Immutable.
   *
   * @param raised how many of its counters go on above what they were
   * @param there how many were there already
   * @param refused how many it may have numbers in hand of
   * @param example one of those; null where there is none
   */
  public record Outcome(
      int nodeOffset, int raised, int there, int refused, @Nullable CounterKey example) {
    private Outcome plus(Decision decision, CounterKey key) {
      return new Outcome(
          nodeOffset,
          raised + (decision == Decision.RAISE ? 1 : 0),
          there + (decision == Decision.THERE ? 1 : 0),
          refused + (decision == Decision.REFUSE ? 1 : 0),
          decision == Decision.REFUSE && example == null ? key : example);
    }
  }

  private enum Decision {
    RAISE,
    THERE,
    REFUSE
  }

  private record Place(CounterKey key, int nodeOffset) {}

  /** How many rows the other servers have of so many counters: there is one for each offset. */
  public long rowsFor(int counters) {
    return (long) counters * (idStep.known() - 1);
  }

  /**
   * Raises all of these on all other servers. Durable when it returns. Where one of them is refused
   * nothing is changed, unless its server began to use it meanwhile: then some may have been
   * raised, and it can be done again.
   *
   * @param floors no two of the same counter, and none that all servers share
   * @return an outcome for each other server, by its offset
   * @throws ConflictException when the servers reserve all the time: do it again
   */
  public List<Outcome> raise(List<Floor> floors) throws StoreException {
    if (idStep.known() == 1 || floors.isEmpty()) {
      return List.of();
    }
    List<Outcome> expected = inBatches(floors, false);
    boolean refused = expected.stream().anyMatch(outcome -> outcome.refused() > 0);
    return refused ? expected : inBatches(floors, true);
  }

  private List<Outcome> inBatches(List<Floor> floors, boolean write) throws StoreException {
    Map<Integer, Outcome> outcomes = new TreeMap<>();
    int size = Math.max(1, BATCH / (idStep.known() - 1));
    for (int from = 0; from < floors.size(); from += size) {
      List<Floor> batch = floors.subList(from, Math.min(from + size, floors.size()));
      for (Map.Entry<Place, Decision> each : decided(batch, write).entrySet()) {
        int node = each.getKey().nodeOffset();
        outcomes.merge(
            node,
            new Outcome(node, 0, 0, 0, null).plus(each.getValue(), each.getKey().key()),
            (sum, one) -> sum.plus(each.getValue(), each.getKey().key()));
      }
    }
    return List.copyOf(outcomes.values());
  }

  private Map<Place, Decision> decided(List<Floor> batch, boolean write) throws StoreException {
    for (int tries = 1; ; tries++) {
      try {
        return Transactions.run(transactions, em -> decided(em, batch, write));
      } catch (ConflictException e) {
        if (tries == TRIES) {
          throw e;
        }
      }
    }
  }

  private Map<Place, Decision> decided(EntityManager em, List<Floor> batch, boolean write) {
    // as long as this goes on there are no more servers than that
    int servers = idStep.held(em, durability, idStep.known());
    Map<Place, CounterRow> rows = rows(em, batch, servers);
    // after the rows: who has reserved one since then has changed it, stopped or not
    Map<Integer, Boolean> stopped = stopped(em);
    Map<Place, Decision> decisions = new HashMap<>();
    for (Floor floor : batch) {
      for (int node = 0; node < servers; node++) {
        if (node == nodeOffset) {
          continue;
        }
        Place place = new Place(floor.key(), node);
        CounterRow row = rows.get(place);
        Decision decision = decision(floor, row, stopped.getOrDefault(node, false));
        decisions.put(place, decision);
        if (write && decision == Decision.RAISE) {
          raise(em, place, row, floor, servers);
        }
      }
    }
    return decisions;
  }

  private static Decision decision(Floor floor, @Nullable CounterRow row, boolean stopped) {
    if (row == null) {
      return Decision.RAISE;
    }
    CounterState state = row.state();
    if (state.period() > floor.period()) {
      // no period comes back
      return Decision.THERE;
    }
    boolean inPeriod = state.period() == floor.period();
    if (state.epochSecond() != NEVER && !(stopped && inPeriod)) {
      // numbers in hand; or those of an earlier period, which its own rule may not have left
      return Decision.REFUSE;
    }
    return inPeriod && state.reserved() >= floor.to() ? Decision.THERE : Decision.RAISE;
  }

  private static void raise(
      EntityManager em, Place place, @Nullable CounterRow row, Floor floor, int servers) {
    if (row == null) {
      CounterState state = new CounterState(floor.period(), floor.until(), floor.to(), NEVER);
      CounterKey key = place.key();
      em.persist(
          new CounterRow(
              new CounterRowId(key.rule(), key.app(), place.nodeOffset()), state, servers));
    } else {
      row.become(
          new CounterState(floor.period(), floor.until(), floor.to(), row.state().epochSecond()));
    }
  }

  private Map<Place, CounterRow> rows(EntityManager em, List<Floor> batch, int servers) {
    List<List<Object>> ids = new ArrayList<>();
    for (Floor floor : batch) {
      for (int node = 0; node < servers; node++) {
        if (node != nodeOffset) {
          CounterKey key = floor.key();
          ids.add(List.of(CounterRowId.bytes(key.rule()), CounterRowId.bytes(key.app()), node));
        }
      }
    }
    Map<Place, CounterRow> rows = new HashMap<>();
    em.createNamedQuery(CounterRow.BY_KEY, CounterRow.class)
        .setParameter("keys", ids)
        .getResultList()
        .forEach(row -> rows.put(new Place(row.key(), row.nodeOffset()), row));
    return rows;
  }

  /** Which servers are known, and whether they have said that they stopped. */
  private static Map<Integer, Boolean> stopped(EntityManager em) {
    Map<Integer, Boolean> stopped = new HashMap<>();
    em.createNamedQuery(NodeRow.ALL, NodeRow.class)
        .getResultList()
        .forEach(row -> stopped.put(row.nodeOffset(), row.isOwnedBy("")));
    return stopped;
  }
}
