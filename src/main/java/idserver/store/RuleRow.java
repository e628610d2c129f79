package idserver.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.NamedQuery;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.nio.charset.StandardCharsets;

/** A rule as the database knows it: what must stay the same. */
@Entity
@Table(name = "id_server_rule")
@NamedQuery(name = RuleRow.ALL, query = "select r from RuleRow r")
public class RuleRow {
  static final String ALL = "RuleRow.all";

  @Id
  @Column(name = "rule_name", nullable = false)
  private byte[] ruleName = {};

  @Column(name = "allocation", nullable = false)
  private String allocation = "";

  @Column(name = "layout", nullable = false)
  private String layout = "";

  @Column(name = "epoch", nullable = false)
  private long epochMs;

  @Version
  @Column(name = "version", nullable = false)
  private long version;

  /** For JPA. */
  protected RuleRow() {}

  RuleRow(RuleEntry entry) {
    this.ruleName = CounterRowId.bytes(entry.name());
    become(entry);
  }

  RuleEntry entry() {
    String name = new String(ruleName, StandardCharsets.UTF_8);
    return new RuleEntry(name, allocation, layout, epochMs);
  }

  final void become(RuleEntry entry) {
    allocation = entry.allocation();
    layout = entry.layout();
    epochMs = entry.epochMs();
  }

  long version() {
    return version;
  }
}
