package idserver.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceException;
import java.util.List;
import java.util.logging.Logger;

/**
 * How many servers the numbers are shared out among, as the database tells this one: it may become
 * more while they run ({@link NodeGrowth}), and never fewer. Thread-safe.
 */
public final class IdStep {
  private static final Logger LOG = Logger.getLogger(IdStep.class.getName());

  private final int nodeOffset;
  private volatile int known;

  /**
   * @param nodeOffset {@code id_offset} of this server
   * @param configured {@code id_step} that it was started with, which the database has agreed to
   */
  public IdStep(int nodeOffset, int configured) {
    this.nodeOffset = nodeOffset;
    this.known = configured;
  }

  /** The most that the database has told so far. */
  public int known() {
    return known;
  }

  /** Takes note of what this server's row has. */
  synchronized void learn(int step) {
    if (step > known) {
      LOG.info(
          "The servers have become more: id_step is "
              + step
              + " from now on, and was "
              + known
              + ". Set it in this server's configuration before its next start");
      known = step;
    }
  }

  /**
   * The step for a counter that has no row yet; it stays as it is until the transaction ends.
   *
   * @param configured what the counter's rule was loaded with: of a server that no row tells of
   * @throws PersistenceException where the database has come back older than the last growth
   */
  int held(EntityManager em, Durability durability, int configured) {
    List<?> steps =
        em.createNativeQuery(
                "SELECT id_step FROM id_server_node WHERE node_offset = ?1"
                    + durability.sharedLock())
            .setParameter(1, nodeOffset)
            .getResultList();
    int told = known;
    int step = steps.isEmpty() ? Math.max(told, configured) : ((Number) steps.get(0)).intValue();
    if (step < told) {
      throw new PersistenceException(
          "the database has come back older than the growth to id_step "
              + told
              + ": in it the servers are "
              + step
              + ", and nothing is reserved in it. Bring a later one back; see One more server in"
              + " src/docs/operations.md");
    }
    learn(step);
    return step;
  }
}
