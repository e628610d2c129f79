package idserver.log;

import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The product's logger with its file. Thread-safe. Everything under {@code idserver} goes to the
 * day's file and on to the container's own log.
 */
public final class Logging implements AutoCloseable {
  // held here: the log manager forgets a logger, and its level, that nobody holds
  private static final Logger PRODUCT = Logger.getLogger("idserver");

  private @Nullable DailyFile file;

  /** Logs from now on as these settings say. */
  public synchronized void apply(LogSettings settings) {
    DailyFile before = file;
    DailyFile after = new DailyFile(settings);
    PRODUCT.addHandler(after);
    PRODUCT.setLevel(settings.threshold());
    file = after;
    if (before != null) {
      PRODUCT.removeHandler(before);
      before.close();
    }
  }

  /** Closes the file; what is logged later goes to the container's log alone. */
  @Override
  public synchronized void close() {
    DailyFile last = file;
    file = null;
    if (last != null) {
      PRODUCT.removeHandler(last);
      last.close();
    }
  }
}
