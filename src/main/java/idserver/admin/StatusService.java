package idserver.admin;

/** Who knows how the server is. Thread-safe. */
public interface StatusService {
  /** How the server is now. */
  ServerStatus status();

  /** What it has done since its start. */
  Figures figures();

  /** All that is measured, for metrics; looks at every counter. */
  Measures measures();
}
