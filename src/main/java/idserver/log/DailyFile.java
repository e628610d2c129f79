package idserver.log;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.ErrorManager;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/** A handler that writes one file a day, such as {@code prefix-2026-01-31.log}. Thread-safe. */
final class DailyFile extends Handler {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

  private final Path directory;
  private final String prefix;
  private final String extension;
  private @Nullable LocalDate day;
  private @Nullable Writer writer;
  private boolean closed;

  DailyFile(LogSettings settings) {
    this.directory = settings.directory();
    this.prefix = settings.prefix();
    this.extension = settings.format().extension();
    setLevel(Level.ALL);
    setFormatter(settings.format() == LogFormat.JSON ? new JsonLine() : new Line());
  }

  /** One record, one line; control characters of a message cannot begin another. */
  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord record) {
      LocalDateTime time = LocalDateTime.ofInstant(record.getInstant(), ZoneId.systemDefault());
      StringBuilder line = new StringBuilder(128);
      line.append(TIME.format(time)).append(' ').append(record.getLevel().getName()).append(' ');
      append(line, formatMessage(record));
      Throwable thrown = record.getThrown();
      if (thrown != null) {
        line.append(" | ");
        append(line, thrown.toString());
        for (StackTraceElement at : thrown.getStackTrace()) {
          line.append(System.lineSeparator()).append("    at ").append(at);
        }
      }
      return line.append(System.lineSeparator()).toString();
    }

    private static void append(StringBuilder line, String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        line.append(c < ' ' || c == 0x7f ? '?' : c);
      }
    }
  }

  @Override
  public synchronized void publish(LogRecord record) {
    if (closed || !isLoggable(record)) {
      return;
    }
    try {
      Writer open = writer(LocalDate.ofInstant(record.getInstant(), ZoneId.systemDefault()));
      open.write(getFormatter().format(record));
      open.flush();
    } catch (IOException e) {
      reportError(null, e, ErrorManager.WRITE_FAILURE);
    }
  }

  private Writer writer(LocalDate today) throws IOException {
    Writer open = writer;
    if (open != null && today.equals(day)) {
      return open;
    }
    if (open != null) {
      open.close();
    }
    Files.createDirectories(directory);
    Writer opened =
        Files.newBufferedWriter(
            directory.resolve(prefix + "-" + today + extension),
            StandardCharsets.UTF_8,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
    writer = opened;
    day = today;
    return opened;
  }

  @Override
  public void flush() {
    // every record is flushed when it is written
  }

  @Override
  public synchronized void close() {
    closed = true;
    try {
      if (writer != null) {
        writer.close();
        writer = null;
      }
    } catch (IOException e) {
      reportError(null, e, ErrorManager.CLOSE_FAILURE);
    }
  }
}
