package idserver.server;

/** What the container's other parts ask of the server itself. Thread-safe. */
public interface ServerControl {
  /** Stops in good order: no request is taken any more, and what was not issued is given back. */
  void stop();
}
