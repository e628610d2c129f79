package idserver.log;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;

/**
 * One record, one JSON object on one line: {@code time} (ISO 8601 with offset), {@code level},
 * {@code logger}, {@code message}, and {@code thrown} with its stack trace where there is one.
 * Thread-safe.
 */
final class JsonLine extends Formatter {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");

  /** Causes may go round in a circle. */
  private static final int MOST_CAUSES = 10;

  @Override
  public String format(LogRecord record) {
    StringBuilder line = new StringBuilder(256);
    line.append("{\"time\":");
    append(line, TIME.format(record.getInstant().atZone(ZoneId.systemDefault())));
    line.append(",\"level\":");
    append(line, record.getLevel().getName());
    line.append(",\"logger\":");
    append(line, String.valueOf(record.getLoggerName()));
    line.append(",\"message\":");
    append(line, String.valueOf(formatMessage(record)));
    if (record.getThrown() != null) {
      line.append(",\"thrown\":");
      append(line, trace(record.getThrown()));
    }
    return line.append("}\n").toString();
  }

  private static String trace(Throwable thrown) {
    StringBuilder trace = new StringBuilder(1024).append(thrown).append('\n');
    append(trace, thrown.getStackTrace());
    Throwable cause = thrown.getCause();
    for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
      trace.append("Caused by: ").append(cause).append('\n');
      append(trace, cause.getStackTrace());
      cause = cause.getCause();
    }
    return trace.toString();
  }

  private static void append(StringBuilder trace, StackTraceElement[] stack) {
    for (StackTraceElement at : stack) {
      trace.append("\tat ").append(at).append('\n');
    }
  }

  private static void append(StringBuilder line, String text) {
    line.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        case '\n' -> line.append("\\n");
        case '\t' -> line.append("\\t");
        case '\r' -> line.append("\\r");
        default -> {
          // a half of a surrogate pair, which no UTF-8 can hold, is written as its number as well
          if (c < ' ' || c == 0x7f || isHalf(text, i)) {
            line.append(String.format("\\u%04x", (int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
    line.append('"');
  }

  private static boolean isHalf(String text, int place) {
    char c = text.charAt(place);
    if (Character.isHighSurrogate(c)) {
      return place + 1 == text.length() || !Character.isLowSurrogate(text.charAt(place + 1));
    }
    return Character.isLowSurrogate(c)
        && (place == 0 || !Character.isHighSurrogate(text.charAt(place - 1)));
  }
}
