package idserver.log;

import java.io.PrintWriter;
import java.io.StringWriter;
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
      StringWriter trace = new StringWriter();
      record.getThrown().printStackTrace(new PrintWriter(trace));
      line.append(",\"thrown\":");
      append(line, trace.toString());
    }
    return line.append("}\n").toString();
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
