package idserver.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of answers: objects as maps, arrays as lists, strings, integers as {@code Long}, other
 * numbers as {@code Double}, true and false. A null is {@link #NULL}. Confined to its caller.
 */
final class JsonReader {
  static final Object NULL = new Object();

  private static final int DEEPEST = 8;

  private final String text;
  private int at;

  private JsonReader(String text) {
    this.text = text;
  }

  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;

    Malformed() {
      super("no JSON", null, false, false);
    }
  }

  /** The value that the text is; null when it is none. */
  static @Nullable Object read(String text) {
    JsonReader reader = new JsonReader(text);
    try {
      Object value = reader.value(0);
      reader.space();
      return reader.at == text.length() ? value : null;
    } catch (Malformed | NumberFormatException e) {
      return null;
    }
  }

  private Object value(int depth) throws Malformed {
    space();
    if (depth > DEEPEST) {
      throw new Malformed();
    }
    return switch (peek()) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", NULL);
      default -> number();
    };
  }

  private Map<String, Object> object(int depth) throws Malformed {
    Map<String, Object> members = new HashMap<>();
    at++;
    if (ends('}')) {
      return members;
    }
    do {
      space();
      String name = string();
      space();
      expect(':');
      members.put(name, value(depth + 1));
    } while (goesOn('}'));
    return members;
  }

  private List<Object> array(int depth) throws Malformed {
    List<Object> elements = new ArrayList<>();
    at++;
    if (ends(']')) {
      return elements;
    }
    do {
      elements.add(value(depth + 1));
    } while (goesOn(']'));
    return elements;
  }

  private boolean ends(char end) throws Malformed {
    space();
    if (peek() != end) {
      return false;
    }
    at++;
    return true;
  }

  private boolean goesOn(char end) throws Malformed {
    if (ends(end)) {
      return false;
    }
    expect(',');
    return true;
  }

  private String string() throws Malformed {
    expect('"');
    int from = at;
    while (peek() != '"' && peek() != '\\') {
      at++;
    }
    if (peek() == '"') {
      return text.substring(from, at++);
    }
    StringBuilder value = new StringBuilder(text.substring(from, at));
    while (peek() != '"') {
      value.append(peek() == '\\' ? escaped() : text.charAt(at++));
    }
    at++;
    return value.toString();
  }

  private char escaped() throws Malformed {
    at++;
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw new Malformed();
    };
  }

  private char unicode() throws Malformed {
    if (at + 4 > text.length()) {
      throw new Malformed();
    }
    at += 4;
    return (char) Integer.parseInt(text.substring(at - 4, at), 16);
  }

  private Object word(String word, Object value) throws Malformed {
    if (!text.startsWith(word, at)) {
      throw new Malformed();
    }
    at += word.length();
    return value;
  }

  private Object number() throws Malformed {
    int from = at;
    boolean whole = true;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) {
      whole &= ".eE".indexOf(text.charAt(at)) < 0;
      at++;
    }
    if (from == at) {
      throw new Malformed();
    }
    String digits = text.substring(from, at);
    if (whole) {
      return Long.valueOf(digits);
    }
    return Double.valueOf(digits);
  }

  private void expect(char c) throws Malformed {
    if (peek() != c) {
      throw new Malformed();
    }
    at++;
  }

  private char peek() throws Malformed {
    if (at >= text.length()) {
      throw new Malformed();
    }
    return text.charAt(at);
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }
}
