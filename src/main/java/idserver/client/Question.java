package idserver.client;

import java.nio.charset.StandardCharsets;

/**
 * What is asked, in the words of the protocol; each try puts its {@code seq} to it, and all have
 * the same {@code request_id}. Immutable.
 */
final class Question {
  /** The server takes no larger datagram. */
  static final int LARGEST_DATAGRAM = 1400;

  /** An error over UDP is never longer than its request: spaces make room for its message. */
  private static final int ROOM_FOR_ERRORS = 200;

  private static final int LONGEST_SEQ = 20;

  private final String beginning;
  private final int count;
  private final Kind kind;
  private final boolean repeatable;
  private final int size;

  private enum Kind {
    GET,
    MONITOR,
    CONFIRM,
    CANCEL
  }

  private Question(String beginning, int count, Kind kind, boolean repeatable) {
    this.beginning = beginning;
    this.count = count;
    this.kind = kind;
    this.repeatable = repeatable;
    this.size = beginning.getBytes(StandardCharsets.UTF_8).length + LONGEST_SEQ;
  }

  /**
   * @param salt empty for none
   * @param count 0 for one id that is not in a list
   * @param requestId which no other question has; empty for none
   */
  static Question get(String rule, String app, String salt, int count, String requestId) {
    StringBuilder text = begin("get", rule, app);
    if (!salt.isEmpty()) {
      text.append(",\"salt\":");
      quote(salt, text);
    }
    if (count > 0) {
      text.append(",\"count\":").append(count);
    }
    if (!requestId.isEmpty()) {
      text.append(",\"request_id\":");
      quote(requestId, text);
    }
    boolean repeatable = !requestId.isEmpty();
    return new Question(text.append(",\"seq\":").toString(), count, Kind.GET, repeatable);
  }

  static Question monitor(String rule, String app) {
    String text = begin("monitor", rule, app).append(",\"seq\":").toString();
    return new Question(text, 0, Kind.MONITOR, false);
  }

  /** Settles what became of the number that a request of that name was given. */
  static Question settle(boolean confirm, String rule, String app, String requestId) {
    StringBuilder text =
        begin(confirm ? "confirm" : "cancel", rule, app).append(",\"request_id\":");
    quote(requestId, text);
    Kind kind = confirm ? Kind.CONFIRM : Kind.CANCEL;
    return new Question(text.append(",\"seq\":").toString(), 0, kind, true);
  }

  private static StringBuilder begin(String action, String rule, String app) {
    StringBuilder text = new StringBuilder(128).append("{\"action\":\"").append(action);
    text.append("\",\"rule_name\":");
    quote(rule, text);
    text.append(",\"app_name\":");
    quote(app, text);
    return text;
  }

  private static void quote(String value, StringBuilder into) {
    into.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        into.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        into.append(String.format("\\u%04x", (int) c));
      } else {
        into.append(c);
      }
    }
    into.append('"');
  }

  /** How many ids the answer has. */
  int ids() {
    return kind == Kind.GET || kind == Kind.CONFIRM ? Math.max(1, count) : 0;
  }

  boolean isMonitor() {
    return kind == Kind.MONITOR;
  }

  /** Whether the ids of the answer are new ones. */
  boolean isGet() {
    return kind == Kind.GET;
  }

  /** Whether a server that is asked again gives the same answer. */
  boolean isRepeatable() {
    return repeatable;
  }

  boolean fitsDatagram() {
    return size <= LARGEST_DATAGRAM;
  }

  byte[] bytes(long seq) {
    StringBuilder text = new StringBuilder(beginning).append(seq).append('}');
    while (text.length() < ROOM_FOR_ERRORS) {
      text.append(' ');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
