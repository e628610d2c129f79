package idserver.log;

import java.nio.file.Path;
import java.util.logging.Level;

/**
 * What is logged, and where. Immutable.
 *
 * @param prefix the beginning of the files' names
 * @param level 0 nothing, 1 errors, 2 and warnings, 3 and information, 4 and details, 5 everything
 * @param directory where the files are
 * @param format how a record is written
 */
public record LogSettings(String prefix, int level, Path directory, LogFormat format) {
  public static final int LEAST_LEVEL = 0;
  public static final int MOST_LEVEL = 5;

  /** As lines for people. */
  public LogSettings(String prefix, int level, Path directory) {
    this(prefix, level, directory, LogFormat.TEXT);
  }

  /** The level in the terms of {@code java.util.logging}. */
  public Level threshold() {
    return threshold(level);
  }

  static Level threshold(int level) {
    if (level < LEAST_LEVEL || level > MOST_LEVEL) {
      throw new IllegalArgumentException(
          "level must be " + LEAST_LEVEL + " to " + MOST_LEVEL + ": " + level);
    }
    return switch (level) {
      case 0 -> Level.OFF;
      case 1 -> Level.SEVERE;
      case 2 -> Level.WARNING;
      case 3 -> Level.INFO;
      case 4 -> Level.FINE;
      default -> Level.ALL;
    };
  }
}
