package idserver.config;

import java.util.List;

/** A configuration that cannot be used, with everything that is wrong with it. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<String> faults;

  /**
   * @param faults what is wrong, a line each, with key, value and what is allowed
   */
  public ConfigException(List<String> faults) {
    super(String.join(System.lineSeparator(), faults));
    this.faults = List.copyOf(faults);
  }

  /** What is wrong, a line each: never empty. */
  public List<String> faults() {
    return faults;
  }
}
