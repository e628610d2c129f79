package idserver.store;

import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;

/**
 * The servers that the database knows. Thread-safe. Step and zone decide which numbers belong to
 * whom and to which day: a server that came back with others would issue what has been issued.
 */
public final class Nodes {
  private final Transactions transactions;

  public Nodes(Transactions transactions) {
    this.transactions = transactions;
  }

  /**
   * Notes the start of a server, which also shows that the database can be written.
   *
   * @return what stands against the start, a line each: empty when nothing does
   */
  public List<String> enter(int nodeOffset, int idStep, String timeZone, long epochSecond) {
    return transactions.inNew(em -> enter(em, nodeOffset, idStep, timeZone, epochSecond));
  }

  private static List<String> enter(
      EntityManager em, int nodeOffset, int idStep, String timeZone, long epochSecond) {
    NodeRow row = em.find(NodeRow.class, nodeOffset);
    if (row == null) {
      row = new NodeRow(nodeOffset, idStep, timeZone);
      em.persist(row);
    }
    List<String> faults = new ArrayList<>();
    if (row.idStep() != idStep) {
      faults.add(changed("id_step", row.idStep(), idStep, nodeOffset));
    }
    if (!row.timeZone().equals(timeZone)) {
      faults.add(changed("time_zone", row.timeZone(), timeZone, nodeOffset));
    }
    if (faults.isEmpty()) {
      row.startedAt(epochSecond);
    }
    return faults;
  }

  private static String changed(String key, Object before, Object now, int nodeOffset) {
    return key
        + ": the numbers in the database were issued with "
        + before
        + ", and the configuration has "
        + now
        + ": ids could come twice. Set it back; or, when you are sure, stop all servers and delete"
        + " the row of node_offset "
        + nodeOffset
        + " in id_server_node.";
  }
}
