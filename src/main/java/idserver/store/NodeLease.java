package idserver.store;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import idserver.reserve.ConflictException;
import idserver.reserve.Lease;
import idserver.reserve.NodeLostException;
import idserver.reserve.StoreException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * This server's hold on its node offset, by the database's clock. Thread-safe.
 *
 * <p>It is renewed by a timer, several times as often as it would run out; and before a
 * reservation, when it has not been for so long that another server may have taken the offset:
 * after a pause of the process or an outage of the database.
 */
public final class NodeLease implements Lease {
  private static final Logger LOG = Logger.getLogger(NodeLease.class.getName());

  /** How often it is to be renewed, in milliseconds. */
  public static final long RENEWAL_MS = 5_000;

  private final Nodes nodes;
  private final NodeClaim claim;
  private final LongSupplier nanos;
  private final IdStep idStep;

  // written under the lock, read without
  private volatile long renewedNanos;
  private volatile @Nullable NodeLostException lost;

  @GuardedBy("this")
  private long databaseSecond;

  @GuardedBy("this")
  private boolean released;

  private NodeLease(Nodes nodes, NodeClaim claim, LongSupplier nanos, long databaseSecond) {
    this.nodes = nodes;
    this.claim = claim;
    this.nanos = nanos;
    this.renewedNanos = nanos.getAsLong();
    this.databaseSecond = databaseSecond;
    this.idStep = new IdStep(claim.nodeOffset(), claim.idStep());
  }

  /** Lets some time pass between two looks at who holds an offset; to be replaced by tests. */
  @FunctionalInterface
  interface Pause {
    void pass() throws InterruptedException;
  }

  /**
   * Takes hold of a node offset. Where another server holds it, waits until that has let it run
   * out, or has shown that it lives.
   *
   * @param accepted see {@link Nodes#enter}
   * @throws NodeRefusedException with what stands in the way
   * @throws StoreException when the database cannot be used
   */
  public static NodeLease take(Nodes nodes, NodeClaim claim, boolean accepted)
      throws NodeRefusedException, StoreException {
    return take(nodes, claim, accepted, () -> TimeUnit.SECONDS.sleep(1), System::nanoTime);
  }

  static NodeLease take(
      Nodes nodes, NodeClaim claim, boolean accepted, Pause pause, LongSupplier nanos)
      throws NodeRefusedException, StoreException {
    NodeHolder first = null;
    while (true) {
      long before = nanos.getAsLong();
      NodeEntry entry;
      try {
        entry = nodes.enter(claim, accepted);
      } catch (ConflictException e) {
        LOG.fine("Two servers claim one offset at once: looked again");
        continue;
      }
      if (!entry.faults().isEmpty()) {
        throw new NodeRefusedException(entry.faults());
      }
      NodeHolder holder = entry.holder();
      if (holder == null) {
        NodeLease lease = new NodeLease(nodes, claim, nanos, entry.databaseSecond());
        lease.renewedNanos = before;
        return lease;
      }
      if (first == null) {
        first = holder;
        LOG.info(
            "node_offset "
                + claim.nodeOffset()
                + " is held by "
                + holder
                + ": waited whether it lives");
      } else if (!first.equals(holder)) {
        throw new NodeRefusedException(List.of(inUse(holder)));
      }
      pass(pause, holder);
    }
  }

  private static void pass(Pause pause, NodeHolder holder) throws NodeRefusedException {
    try {
      pause.pass();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NodeRefusedException(List.of(inUse(holder)));
    }
  }

  private static String inUse(NodeHolder holder) {
    return "id_offset is in use by "
        + holder
        + ". Stop that server, or give this one an id_offset of its own.";
  }

  @Override
  public void check() throws StoreException {
    if (isDue(TimeUnit.SECONDS.toNanos(Nodes.LEASE_S))) {
      renew(TimeUnit.SECONDS.toNanos(Nodes.LEASE_S));
    }
    NodeLostException taken = lost;
    if (taken != null) {
      throw taken;
    }
  }

  private boolean isDue(long afterNanos) {
    return nanos.getAsLong() - renewedNanos >= afterNanos;
  }

  /** Prolongs the lease; for the timer. */
  public void renew() throws StoreException {
    renew(0);
  }

  private synchronized void renew(long afterNanos) throws StoreException {
    // another thread may have done it meanwhile
    if (lost != null || released || !isDue(afterNanos)) {
      return;
    }
    long before = nanos.getAsLong();
    try {
      NodeEntry entry = nodes.renew(claim, idStep.known());
      databaseSecond = entry.databaseSecond();
      idStep.learn(entry.idStep());
      renewedNanos = before;
    } catch (NodeLostException e) {
      lost = e;
      LOG.severe(e.forOperator());
    }
  }

  /** Whether another server has taken the offset over. */
  public boolean isLost() {
    return lost != null;
  }

  /** How many servers there are, which is looked for with each renewal. */
  public IdStep idStep() {
    return idStep;
  }

  /** The database's clock when the lease was last renewed, in seconds since 1970-01-01T00:00Z. */
  public synchronized long databaseSecond() {
    return databaseSecond;
  }

  /** Lets go of the offset: the next server may have it at once. */
  public synchronized void release() throws StoreException {
    // a renewal that comes later would take it again
    released = true;
    nodes.release(claim);
  }
}
