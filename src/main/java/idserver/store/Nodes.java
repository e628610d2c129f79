package idserver.store;

import idserver.reserve.NodeLostException;
import idserver.reserve.StoreException;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The servers that the database knows, and which of them hold their offsets, by the database's
 * clock. Thread-safe.
 *
 * <p>Step and zone decide which numbers belong to whom and to which day: a server that came back
 * with others would issue what has been issued.
 */
public final class Nodes {
  /** How long a lease lasts, by the database's clock. */
  static final long LEASE_S = 15;

  private final Transactions transactions;
  private final boolean shared;
  private final ToLongFunction<EntityManager> databaseSecond;

  /**
   * @param shared whether other machines may use the same database; the embedded one is held by one
   *     process at a time
   */
  public Nodes(Transactions transactions, boolean shared) {
    this(transactions, shared, Nodes::unixTime);
  }

  Nodes(Transactions transactions, boolean shared, ToLongFunction<EntityManager> databaseSecond) {
    this.transactions = transactions;
    this.shared = shared;
    this.databaseSecond = databaseSecond;
  }

  static long unixTime(EntityManager em) {
    Object seconds = em.createNativeQuery("SELECT UNIX_TIMESTAMP()").getSingleResult();
    return ((Number) seconds).longValue();
  }

  /**
   * Grants a claim, for as long as a lease, unless something stands against it. That also shows
   * that the database can be written.
   *
   * @param accepted whether the operator says that the database is not older than what was issued,
   *     where the high-water file cannot
   */
  NodeEntry enter(NodeClaim claim, boolean accepted) throws StoreException {
    return Transactions.run(transactions, em -> enter(em, claim, accepted));
  }

  private NodeEntry enter(EntityManager em, NodeClaim claim, boolean accepted) {
    long now = databaseSecond.applyAsLong(em);
    NodeRow row = em.find(NodeRow.class, claim.nodeOffset());
    if (row == null) {
      row = new NodeRow(claim.nodeOffset(), claim.idStep(), claim.timeZone());
    }
    if (row.isLeasedAt(now) && !isDead(row, claim)) {
      return new NodeEntry(List.of(), row.holder(), 0, now);
    }
    List<String> faults = faults(em, row, claim, accepted);
    if (faults.isEmpty()) {
      row.claimedBy(claim, now);
      row.leaseUntil(now + LEASE_S);
      // of no effect on one that is there
      em.persist(row);
    }
    return new NodeEntry(faults, null, row.idStep(), now);
  }

  /**
   * Whether the holder has ended: it held the database file or the high-water file that is now held
   * by who claims. By another host's name it may be a copy of that file.
   */
  private boolean isDead(NodeRow row, NodeClaim claim) {
    return !shared
        || row.isOwnedBy(claim.owner())
        || (row.instance().equals(claim.instance()) && row.host().equals(claim.host()));
  }

  private static List<String> faults(
      EntityManager em, NodeRow row, NodeClaim claim, boolean accepted) {
    List<String> faults = new ArrayList<>();
    if (row.idStep() != claim.idStep()) {
      faults.add(changed("id_step", row.idStep(), claim.idStep(), claim.nodeOffset()));
    }
    if (!row.timeZone().equals(claim.timeZone())) {
      faults.add(changed("time_zone", row.timeZone(), claim.timeZone(), claim.nodeOffset()));
    }
    faults.addAll(strangers(em, claim));
    boolean known = row.instance().isEmpty() || row.instance().equals(claim.instance());
    if (!known && !accepted) {
      faults.add(
          "the high-water file of node_offset "
              + claim.nodeOffset()
              + " is not in "
              + claim.dataDir()
              + "; it was with "
              + row.holder()
              + ". Without it nothing shows whether the database is older than what was issued. Bring"
              + " that data_dir here; or, when you are sure that the database was not restored from a"
              + " back-up and no replica took over, run: server_ctl.sh accept id_server {n}");
    }
    return faults;
  }

  /** A server with another step than the others, as one that is added, has numbers of theirs. */
  private static List<String> strangers(EntityManager em, NodeClaim claim) {
    List<String> faults = new ArrayList<>();
    for (NodeRow other : em.createNamedQuery(NodeRow.ALL, NodeRow.class).getResultList()) {
      if (other.nodeOffset() != claim.nodeOffset() && other.idStep() != claim.idStep()) {
        faults.add(changed("id_step", other.idStep(), claim.idStep(), other.nodeOffset()));
      }
    }
    return faults;
  }

  private static String changed(String key, Object before, Object now, int nodeOffset) {
    return key
        + ": the numbers in the database were issued with "
        + before
        + ", and the configuration has "
        + now
        + ": ids could come twice. Set it back; or stop all servers, change it in all configurations,"
        + " and run once: server_ctl.sh migrate id_server {n}; for a larger id_step while they run:"
        + " server_ctl.sh grow id_server {n} (node_offset "
        + nodeOffset
        + ")";
  }

  /**
   * Prolongs a lease, one that has run out as well, as long as nobody else has taken the offset.
   *
   * @param idStep how many servers there are, as far as this one knows
   * @return what the database has now
   * @throws NodeLostException when somebody has
   */
  NodeEntry renew(NodeClaim claim, int idStep) throws StoreException {
    NodeEntry entry = Transactions.run(transactions, em -> prolong(em, claim, idStep));
    if (entry.holder() != null) {
      throw new NodeLostException(
          "node_offset " + claim.nodeOffset() + " was taken over by " + entry.holder());
    }
    return entry;
  }

  private NodeEntry prolong(EntityManager em, NodeClaim claim, int idStep) {
    long now = databaseSecond.applyAsLong(em);
    NodeRow row = em.find(NodeRow.class, claim.nodeOffset());
    if (row == null) {
      // a database that came back older than this server's first start
      row = new NodeRow(claim.nodeOffset(), idStep, claim.timeZone());
      row.claimedBy(claim, now);
      em.persist(row);
    } else if (!row.isOwnedBy(claim.owner())) {
      if (row.isLeasedAt(now) || !row.instance().equals(claim.instance())) {
        return new NodeEntry(List.of(), row.holder(), 0, now);
      }
      // nobody's, and with this server's own file: a database that came back older than its start
      row.claimedBy(claim, now);
    }
    row.leaseUntil(now + LEASE_S);
    return new NodeEntry(List.of(), null, row.idStep(), now);
  }

  /** All servers that the database knows, by their offset. */
  public List<NodeView> all() throws StoreException {
    return Transactions.run(
        transactions,
        em -> {
          long now = databaseSecond.applyAsLong(em);
          return em.createNamedQuery(NodeRow.ALL, NodeRow.class).getResultList().stream()
              .map(row -> row.view(now))
              .toList();
        });
  }

  /** Gives an offset up, if it is still held. */
  void release(NodeClaim claim) throws StoreException {
    Transactions.run(
        transactions,
        em -> {
          NodeRow row = em.find(NodeRow.class, claim.nodeOffset());
          if (row != null && row.isOwnedBy(claim.owner())) {
            row.release();
          }
          return claim;
        });
  }
}
