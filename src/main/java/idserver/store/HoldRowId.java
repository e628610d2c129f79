package idserver.store;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The key of a given number's row: its counter, names as bytes of UTF-8, and its slot there. */
@Embeddable
public class HoldRowId implements Serializable {
  private static final long serialVersionUID = 1;

  @Column(name = "rule_name", nullable = false)
  private byte[] ruleName = {};

  @Column(name = "app_name", nullable = false)
  private byte[] appName = {};

  @Column(name = "slot", nullable = false)
  private long slot;

  /** For JPA. */
  protected HoldRowId() {}

  HoldRowId(String ruleName, String appName, long slot) {
    this.ruleName = CounterRowId.bytes(ruleName);
    this.appName = CounterRowId.bytes(appName);
    this.slot = slot;
  }

  long slot() {
    return slot;
  }

  String ruleName() {
    return new String(ruleName, StandardCharsets.UTF_8);
  }

  String appName() {
    return new String(appName, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HoldRowId that
        && slot == that.slot
        && Arrays.equals(ruleName, that.ruleName)
        && Arrays.equals(appName, that.appName);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(ruleName) + Arrays.hashCode(appName)) + Long.hashCode(slot);
  }
}
