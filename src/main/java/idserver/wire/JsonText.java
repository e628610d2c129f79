package idserver.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The inside of JSON strings, without the quotes: from UTF-8 bytes to text and back. Text may hold
 * anything, lone surrogates included; those exist in JSON only as escapes.
 */
final class JsonText {
  /** Bytes of one {@code \\uXXXX}, the longest form of a char. */
  static final int LONGEST = 6;

  private static final byte[] HEX = "0123456789abcdef".getBytes(ISO_8859_1);

  private JsonText() {}

  /**
   * The text of bytes that {@link JsonScanner} found to be well-formed.
   *
   * @param most how many chars are of use, 1 or more: where it has escapes, no more than one beyond
   *     them is read
   */
  static String read(byte[] bytes, int from, int to, boolean ascii, boolean escaped, int most) {
    // Latin-1 is copied as it is, UTF-8 would be looked through a second time
    String raw = new String(bytes, from, to - from, ascii ? ISO_8859_1 : UTF_8);
    return escaped ? unescaped(raw, most) : raw;
  }

  private static String unescaped(String raw, int most) {
    StringBuilder text = new StringBuilder(Math.min(raw.length() - 1, most) + 1);
    for (int i = 0; i < raw.length() && text.length() <= most; i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        text.append(c);
      } else if (raw.charAt(++i) == 'u') {
        text.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
        i += 4;
      } else {
        text.append(meant(raw.charAt(i)));
      }
    }
    return text.toString();
  }

  private static char meant(char letter) {
    return switch (letter) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> letter;
    };
  }

  /** The bytes that {@link #write} needs for all of the text. */
  static int size(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); ) {
      int width = width(text, i);
      bytes += width;
      i += chars(width);
    }
    return bytes;
  }

  /** How many chars from the beginning fit into {@code room} bytes, no character being split. */
  static int fitting(String text, int room) {
    int i = 0;
    for (int left = room; i < text.length(); ) {
      int width = width(text, i);
      left -= width;
      if (left < 0) {
        break;
      }
      i += chars(width);
    }
    return i;
  }

  /** Writes the first {@code chars} chars of the text; returns the position after the last byte. */
  static int write(String text, int chars, byte[] into, int at) {
    int to = at;
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (isPlain(c)) {
        into[to++] = (byte) c;
      } else {
        int width = width(text, i);
        writeOther(text, i, width, into, to);
        to += width;
        i += chars(width) - 1;
      }
    }
    return to;
  }

  private static void writeOther(String text, int i, int width, byte[] into, int at) {
    char c = text.charAt(i);
    if (width == LONGEST) {
      into[at] = '\\';
      into[at + 1] = 'u';
      for (int digit = 0; digit < 4; digit++) {
        into[at + 2 + digit] = HEX[(c >> (12 - 4 * digit)) & 0xF];
      }
    } else if (c < 0x80) {
      into[at] = '\\';
      into[at + 1] = (byte) c;
    } else {
      writeSequence(text.codePointAt(i), width, into, at);
    }
  }

  private static void writeSequence(int codePoint, int width, byte[] into, int at) {
    int rest = codePoint;
    for (int i = width - 1; i > 0; i--) {
      into[at + i] = (byte) (0x80 | (rest & 0x3F));
      rest >>= 6;
    }
    // the lead byte says the length in ones: 110, 1110 or 11110
    into[at] = (byte) ((0xF00 >> width) | rest);
  }

  private static boolean isPlain(char c) {
    return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
  }

  /** Bytes of the character at {@code i}: only a surrogate pair has 4. */
  private static int width(String text, int i) {
    char c = text.charAt(i);
    if (isPlain(c)) {
      return 1;
    }
    if (c < ' ') {
      return LONGEST;
    }
    if (c < 0x800) {
      return 2;
    }
    if (!Character.isSurrogate(c)) {
      return 3;
    }
    return text.codePointAt(i) > 0xFFFF ? 4 : LONGEST;
  }

  private static int chars(int width) {
    return width == 4 ? 2 : 1;
  }
}
