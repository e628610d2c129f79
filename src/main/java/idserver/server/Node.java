package idserver.server;

import idserver.config.ServerConfig;
import idserver.counter.SteadyClock;
import idserver.gapfree.HoldStore;
import idserver.gapfree.RememberingHolds;
import idserver.reserve.HighWaterException;
import idserver.reserve.HighWaterFile;
import idserver.reserve.LeasedStore;
import idserver.reserve.RememberingStore;
import idserver.reserve.ReservedRows;
import idserver.reserve.StoreException;
import idserver.store.IdStep;
import idserver.store.JpaBlockStore;
import idserver.store.NodeClaim;
import idserver.store.NodeLease;
import idserver.store.NodeRefusedException;
import idserver.store.Nodes;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * This server as one node of several: its high-water file, which shows that the one before it has
 * ended and whether the database is older than what that issued, and the lease of its offset.
 * Thread-safe.
 */
final class Node {
  private static final Logger LOG = Logger.getLogger(Node.class.getName());

  /** Left in the data directory by {@code server_ctl.sh accept}, for one start. */
  private static final String ACCEPTED = "accept_database";

  private final HighWaterFile file;
  private final NodeLease lease;
  private final boolean shared;
  private final boolean accepted;
  private final Path acceptance;

  private Node(
      HighWaterFile file, NodeLease lease, boolean shared, boolean accepted, Path acceptance) {
    this.file = file;
    this.lease = lease;
    this.shared = shared;
    this.accepted = accepted;
    this.acceptance = acceptance;
  }

  /**
   * Becomes the node of the configuration, unless something stands against it.
   *
   * @param shared whether the database is a machine of its own, with a clock of its own
   */
  static Node enter(ServerConfig config, Nodes nodes, boolean shared) throws StartException {
    Path acceptance = config.dataDir().resolve(ACCEPTED);
    boolean accepted = config.trustDatabase() || Files.exists(acceptance);
    HighWaterFile file;
    try {
      file = HighWaterFile.open(config.dataDir(), config.idOffset());
    } catch (IOException e) {
      throw new StartException("The high-water file cannot be used: " + e.getMessage());
    }
    try {
      // before the row tells of it: a file that the row tells of and that is not there is missing
      file.ready();
      NodeLease lease = NodeLease.take(nodes, claim(config, file), accepted);
      Node node = new Node(file, lease, shared, accepted, acceptance);
      node.refuseAFarFuture();
      return node;
    } catch (NodeRefusedException e) {
      discard(file);
      close(file);
      throw new StartException(e.faults());
    } catch (HighWaterException e) {
      close(file);
      throw new StartException(String.valueOf(e.getMessage()));
    } catch (StoreException e) {
      // the row may tell of this file already: it stays
      close(file);
      LOG.log(
          Level.SEVERE, "The database cannot be written: check its user's rights and its disk", e);
      throw new StartException("The database cannot be written, see the log: " + e.getMessage());
    }
  }

  /** Numbers of a period that has not come would be issued, and the period not be left again. */
  private void refuseAFarFuture() throws StartException {
    OptionalLong databaseMs = databaseMs();
    long aheadMs = System.currentTimeMillis() - databaseMs.orElse(Long.MAX_VALUE);
    if (databaseMs.isPresent() && aheadMs > SteadyClock.FAR_MS) {
      leave();
      throw new StartException(
          "The clock of this machine is "
              + aheadMs / 1000
              + " s ahead of the database's, which says "
              + Instant.ofEpochMilli(databaseMs.getAsLong())
              + ". Set the one that is wrong.");
    }
  }

  private OptionalLong databaseMs() {
    return shared ? OptionalLong.of(lease.databaseSecond() * 1000) : OptionalLong.empty();
  }

  private static NodeClaim claim(ServerConfig config, HighWaterFile file) {
    return new NodeClaim(
        config.idOffset(),
        config.idStep(),
        config.timeZone().getId(),
        file.instance().toString(),
        UUID.randomUUID().toString(),
        host(),
        ProcessHandle.current().pid(),
        config.dataDir().toString());
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      // a machine that does not know its own address; the message begins with its name
      return String.valueOf(e.getMessage()).replaceAll(":.*", "");
    }
  }

  private static void discard(HighWaterFile file) {
    try {
      if (!file.wasFound()) {
        file.discard();
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, file + " could not be taken away: remove it before the next start", e);
    }
  }

  private static void close(HighWaterFile file) {
    try {
      file.close();
    } catch (IOException e) {
      LOG.log(Level.WARNING, file + " could not be closed: check its disk", e);
    }
  }

  /** That store of gap-free numbers, for who holds the lease, and with the highest remembered. */
  HoldStore guarded(HoldStore holds) {
    return new RememberingHolds(holds, lease, file);
  }

  /** That store, for who holds the lease, and with all reservations remembered. */
  RememberingStore guarded(JpaBlockStore store) throws StartException {
    begin(store);
    return remembered(store);
  }

  /** The same for another way to the rows, when the file has begun. */
  RememberingStore remembered(JpaBlockStore store) {
    return new RememberingStore(new LeasedStore(store, lease), file);
  }

  /**
   * Has a new file begin with what the database has: should that come back older later on, the file
   * knows. The acceptance stays until then, so that a start that is killed here is begun anew.
   */
  private void begin(ReservedRows rows) throws StartException {
    try {
      if (accepted || !file.wasFound()) {
        file.fill(rows);
      }
      Files.deleteIfExists(acceptance);
    } catch (StoreException e) {
      throw new StartException(
          "The high-water file cannot be filled from the database: " + e.getMessage());
    } catch (IOException e) {
      throw new StartException(acceptance + " cannot be taken away: " + e.getMessage());
    }
  }

  /** Prolongs the lease and compares clocks; for a thread that may wait for the database. */
  void renew(SteadyClock clock) {
    try {
      lease.renew();
      clock.review(lease.isLost() ? OptionalLong.empty() : databaseMs());
    } catch (StoreException e) {
      // an outage is told by who needs numbers; the next reservation renews the lease
      LOG.log(Level.FINE, "The lease of the node could not be renewed", e);
      clock.review(OptionalLong.empty());
    }
  }

  /** How many servers there are, which may become more. */
  IdStep idStep() {
    return lease.idStep();
  }

  /** Whether another server has taken the offset over. */
  boolean isLost() {
    return lease.isLost();
  }

  /** Lets go of the offset and of the file, so that the next server can have them at once. */
  void leave() {
    try {
      lease.release();
    } catch (StoreException e) {
      LOG.log(
          Level.WARNING,
          "The lease of the node could not be given up, and runs out by itself in 15 s: until"
              + " then no other machine can take this id_offset. Check that the database runs. "
              + e.getMessage());
    }
    close(file);
  }
}
