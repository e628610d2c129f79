package idserver.server;

import idserver.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Tells how a start ended, in files for which the control script waits, and why in the log. */
final class StartReport {
  private static final Logger LOG = Logger.getLogger(StartReport.class.getName());

  private StartReport() {}

  /** Leaves the file {@code started} in the directory of this run, where the script made one. */
  static void success() {
    String run = System.getProperty("idserver.run_dir");
    if (run == null) {
      return;
    }
    try {
      Files.write(Path.of(run, "started"), new byte[0]);
    } catch (IOException e) {
      // the script then asks for it over HTTP, a little later
      LOG.log(Level.FINE, "The start could not be told in " + run, e);
    }
  }

  /** Leaves the reasons in the file {@code start_failed} of the data directory. */
  static void failure(@Nullable ServerConfig config, List<String> reasons) {
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
