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
  private int level = LogSettings.MOST_LEVEL;

  /** Logs from now on as these settings say. */
  public synchronized void apply(LogSettings settings) {
    DailyFile before = file;
    DailyFile after = new DailyFile(settings);
    PRODUCT.addHandler(after);
    PRODUCT.setLevel(settings.threshold());
    level = settings.level();
    file = after;
    if (before != null) {
      PRODUCT.removeHandler(before);
      before.close();
    }
  }

  /** How much is logged, as {@code log_level}. */
  public synchronized int level() {
    return level;
  }

  /**
   * Logs more or less, until the settings are applied again.
   *
   * @throws IllegalArgumentException when there is no such level
   */
  public synchronized void setLevel(int level) {
    PRODUCT.setLevel(LogSettings.threshold(level));
    this.level = level;
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
