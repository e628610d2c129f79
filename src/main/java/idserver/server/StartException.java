package idserver.server;

import java.util.List;

/** The server cannot start, with all that stands in its way. */
final class StartException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient List<String> reasons;

  StartException(List<String> reasons) {
    super(String.join("; ", reasons));
    this.reasons = List.copyOf(reasons);
  }

  StartException(String reason) {
    this(List.of(reason));
  }

  /** What stands in its way, a line each. */
  List<String> reasons() {
    return reasons;
  }
}
