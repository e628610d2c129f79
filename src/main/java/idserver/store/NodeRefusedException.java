package idserver.store;

import java.util.List;

/** A server may not be the node it wants to be. */
public final class NodeRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<String> faults;

  NodeRefusedException(List<String> faults) {
    super(String.join("; ", faults));
    this.faults = List.copyOf(faults);
  }

  /** What stands in the way, a line each. */
  public List<String> faults() {
    return faults;
  }
}
