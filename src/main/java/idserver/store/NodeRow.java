package idserver.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

/** One server as the database knows it: what must stay the same from one start to the next. */
@Entity
@Table(name = "id_server_node")
public class NodeRow {
  @Id
  @Column(name = "node_offset", nullable = false)
  private int nodeOffset;

  @Column(name = "id_step", nullable = false)
  private int idStep;

  @Column(name = "time_zone", nullable = false)
  private String timeZone = "";

  @Column(name = "started", nullable = false)
  private long started;

  @Version
  @Column(name = "version", nullable = false)
  private long version;

  /** For JPA. */
  protected NodeRow() {}

  NodeRow(int nodeOffset, int idStep, String timeZone) {
    this.nodeOffset = nodeOffset;
    this.idStep = idStep;
    this.timeZone = timeZone;
  }

  int idStep() {
    return idStep;
  }

  String timeZone() {
    return timeZone;
  }

  void startedAt(long epochSecond) {
    started = epochSecond;
  }

  long started() {
    return started;
  }

  long version() {
    return version;
  }
}
