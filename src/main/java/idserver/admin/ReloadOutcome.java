package idserver.admin;

import java.beans.ConstructorProperties;

/** What became of a reload. Immutable; travels over JMX as composite data. */
public final class ReloadOutcome {
  private final boolean succeeded;
  private final long version;
  private final String message;
  private final String[] faults;

  /**
   * @param succeeded whether the new rules are served; otherwise the old ones are
   * @param version of the rules that are served now
   * @param message the outcome in one line
   * @param faults what was wrong, a line each
   */
  @ConstructorProperties({"succeeded", "version", "message", "faults"})
  public ReloadOutcome(boolean succeeded, long version, String message, String[] faults) {
    this.succeeded = succeeded;
    this.version = version;
    this.message = message;
    this.faults = faults.clone();
  }

  public boolean isSucceeded() {
    return succeeded;
  }

  public long getVersion() {
    return version;
  }

  public String getMessage() {
    return message;
  }

  public String[] getFaults() {
    return faults.clone();
  }
}
