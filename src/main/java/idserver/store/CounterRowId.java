package idserver.store;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The key of a counter's row. The names are kept as bytes of UTF-8: no collation of the database
 * may take two names for one.
 */
@Embeddable
public class CounterRowId implements Serializable {
  private static final long serialVersionUID = 1;

  @Column(name = "rule_name", nullable = false)
  private byte[] ruleName = {};

  @Column(name = "app_name", nullable = false)
  private byte[] appName = {};

  @Column(name = "node_offset", nullable = false)
  private int nodeOffset;

  /** For JPA. */
  protected CounterRowId() {}

  CounterRowId(String ruleName, String appName, int nodeOffset) {
    this.ruleName = bytes(ruleName);
    this.appName = bytes(appName);
    this.nodeOffset = nodeOffset;
  }

  List<Object> asList() {
    return List.of(ruleName, appName, nodeOffset);
  }

  static byte[] bytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  String ruleName() {
    return new String(ruleName, StandardCharsets.UTF_8);
  }

  int nodeOffset() {
    return nodeOffset;
  }

  String appName() {
    return new String(appName, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CounterRowId that
        && nodeOffset == that.nodeOffset
        && Arrays.equals(ruleName, that.ruleName)
        && Arrays.equals(appName, that.appName);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(ruleName) + Arrays.hashCode(appName)) + nodeOffset;
  }
}
