package idserver.it;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A server that faults are tried on. Confined to one thread. */
interface Victim extends AutoCloseable {
  /** Starts it; returns when it serves, and fails when it does not come to that. */
  void begin() throws IOException;

  /** SIGKILL. */
  void kill() throws IOException;

  /** Ends it in good order. */
  void end() throws IOException;

  /** The next starts are with these variables and no earlier ones. */
  void environment(Map<String, String> variables);

  Settings settings();

  Path data();

  @Override
  void close();
}
