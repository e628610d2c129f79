package idserver.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;

/** One server as the database knows it: what must stay the same, and who holds the offset now. */
@Entity
@Table(name = "id_server_node")
@NamedQuery(name = NodeRow.ALL, query = "select r from NodeRow r order by r.nodeOffset")
public class NodeRow {
  static final String ALL = "NodeRow.all";

  @Id
  @Column(name = "node_offset", nullable = false)
  private int nodeOffset;

  @Column(name = "id_step", nullable = false)
  private int idStep;

  @Column(name = "time_zone", nullable = false)
  private String timeZone = "";

  @Column(name = "started", nullable = false)
  private long started;

  @Column(name = "instance", nullable = false)
  private String instance = "";

  @Column(name = "owner", nullable = false)
  private String owner = "";

  @Column(name = "host", nullable = false)
  private String host = "";

  @Column(name = "pid", nullable = false)
  private long pid;

  @Column(name = "data_dir", nullable = false)
  private String dataDir = "";

  @Column(name = "lease_until", nullable = false)
  private long leaseUntil;

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

  int nodeOffset() {
    return nodeOffset;
  }

  int idStep() {
    return idStep;
  }

  String timeZone() {
    return timeZone;
  }

  /** The high-water file that goes with the row; empty before there was one. */
  String instance() {
    return instance;
  }

  String host() {
    return host;
  }

  /** Takes the offset over for who claims it. */
  void claimedBy(NodeClaim claim, long epochSecond) {
    instance = claim.instance();
    owner = claim.owner();
    host = claim.host();
    pid = claim.pid();
    dataDir = claim.dataDir();
    started = epochSecond;
  }

  boolean isOwnedBy(String process) {
    return owner.equals(process);
  }

  boolean isLeasedAt(long epochSecond) {
    return !owner.isEmpty() && leaseUntil > epochSecond;
  }

  void leaseUntil(long epochSecond) {
    leaseUntil = epochSecond;
  }

  /** Nobody owns the offset any more. */
  void release() {
    owner = "";
    leaseUntil = 0;
  }

  NodeView view(long epochSecond) {
    return new NodeView(
        nodeOffset,
        idStep,
        timeZone,
        host,
        pid,
        dataDir,
        Instant.ofEpochSecond(started),
        Instant.ofEpochSecond(leaseUntil),
        isLeasedAt(epochSecond));
  }

  NodeHolder holder() {
    return new NodeHolder(owner, host, pid, dataDir, started, leaseUntil);
  }

  long version() {
    return version;
  }
}
