package idserver.config;

/** Takes the {@code //} and {@code /* *}{@code /} comments out of a JSON text. */
final class Comments {
  private Comments() {}

  /** The text with every comment replaced by spaces, so that lines and columns stay as they are. */
  static String blank(String json) {
    StringBuilder text = new StringBuilder(json);
    int at = 0;
    while (at < text.length()) {
      if (text.charAt(at) == '"') {
        at = endOfString(text, at);
      } else if (text.charAt(at) == '/' && at + 1 < text.length()) {
        at = blankComment(text, at);
      } else {
        at++;
      }
    }
    return text.toString();
  }

  private static int endOfString(StringBuilder text, int start) {
    int at = start + 1;
    while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private static int blankComment(StringBuilder text, int start) {
    int end;
    if (text.charAt(start + 1) == '/') {
      end = text.indexOf("\n", start);
    } else if (text.charAt(start + 1) == '*') {
      int close = text.indexOf("*/", start + 2);
      end = close < 0 ? -1 : close + 2;
    } else {
      return start + 1;
    }
    if (end < 0) {
      end = text.length();
    }
    for (int i = start; i < end; i++) {
      if (text.charAt(i) != '\n' && text.charAt(i) != '\r') {
        text.setCharAt(i, ' ');
      }
    }
    return end;
  }
}
