package idserver.rule;

import java.util.List;

/** Rules that cannot be served, with everything that is wrong with them. */
public final class RuleFaults extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<String> faults;

  public RuleFaults(List<String> faults) {
    super(String.join(System.lineSeparator(), faults));
    this.faults = List.copyOf(faults);
  }

  /** What is wrong, a line each with file and line: never empty. */
  public List<String> faults() {
    return faults;
  }
}
