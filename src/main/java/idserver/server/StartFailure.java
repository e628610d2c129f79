package idserver.server;

import idserver.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells why the server did not start: in the log, and in the file {@code start_failed} of the data
 * directory, where the control script looks for it.
 */
final class StartFailure {
  private static final Logger LOG = Logger.getLogger(StartFailure.class.getName());

  private StartFailure() {}

  static void report(@Nullable ServerConfig config, List<String> reasons) {
    for (String reason : reasons) {
      LOG.severe("id_server cannot start: " + reason);
    }
    if (config == null) {
      return;
    }
    try {
      Files.createDirectories(config.dataDir());
      Files.write(config.dataDir().resolve("start_failed"), reasons);
    } catch (IOException e) {
      LOG.log(
          Level.WARNING,
          "The reason could not be left in "
              + config.dataDir()
              + ": make the directory writable for the server's user",
          e);
    }
  }
}
