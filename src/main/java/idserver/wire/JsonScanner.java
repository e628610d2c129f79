package idserver.wire;

/**
 * Walks over JSON as RFC 8259 has it, exactly, without building anything. Every step either moves
 * {@link #position} behind what it is named after and returns true, or keeps the first fault and
 * returns false. Linear in the input, iterative, never throws. Mutable, confined to its owner.
 */
final class JsonScanner {
  /** One bit a level in an int; also the deepest that 64 bytes of {@code seq} can nest. */
  static final int MAX_DEPTH = 32;

  private static final byte[] NOTHING = {};
  private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
  private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  private byte[] buffer = NOTHING;
  private int begin;
  private int end;
  private int position;

  private int depth;
  private int objects; // a bit for each open level, the innermost lowest: 1 object, 0 array

  private int textStart;
  private int textEnd;
  private boolean textAscii;
  private boolean textEscaped;

  private String fault = "";
  private int faultAt;

  /** Begins anew with bytes that the caller has checked to lie in the buffer. */
  void begin(byte[] bytes, int offset, int length) {
    buffer = bytes;
    begin = offset;
    position = offset;
    end = offset + length;
    fault = "";
  }

  /** Lets go of the buffer. */
  void release() {
    buffer = NOTHING;
  }

  int position() {
    return position;
  }

  boolean atEnd() {
    return position == end;
  }

  /** The next byte, 0 to 255, or -1 at the end. */
  int peek() {
    return at(position);
  }

  private int at(int index) {
    return index < end ? buffer[index] & 0xFF : -1;
  }

  /** First byte behind the opening quote of the string passed last. */
  int textStart() {
    return textStart;
  }

  /** The closing quote of the string passed last. */
  int textEnd() {
    return textEnd;
  }

  boolean textAscii() {
    return textAscii;
  }

  boolean textEscaped() {
    return textEscaped;
  }

  /** What is wrong, for a person. */
  String fault() {
    return fault;
  }

  /** The byte at which that is, from 0. */
  int faultAt() {
    return faultAt - begin;
  }

  /** What is wrong and where, for a person. */
  static String faultAt(String fault, int at) {
    return fault + " at byte " + at;
  }

  boolean fail(String what) {
    return fail(what, position);
  }

  /** Faults the string passed last, not what is next. */
  boolean failAtText(String what) {
    return fail(what, textStart - 1);
  }

  private boolean fail(String what, int index) {
    fault = index == end ? "unfinished JSON" : what;
    faultAt = index;
    return false;
  }

  void white() {
    while (position < end) {
      byte b = buffer[position];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return;
      }
      position++;
    }
  }

  /** Passes the byte when it is next; else stays, which is no fault. */
  boolean take(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    position++;
    return true;
  }

  /** Passes a member's name, its colon and the white space up to the value. */
  boolean name() {
    if (peek() != '"') {
      return fail("a member's name is expected");
    }
    // the text stays that of the name: nothing up to the value is a string
    if (!string()) {
      return false;
    }
    white();
    if (!take(':')) {
      return fail("a colon is expected");
    }
    white();
    return true;
  }

  /** Passes one value of any type, which begins at the position. */
  boolean value() {
    depth = 0;
    do {
      int first = peek();
      boolean nests = first == '{' || first == '[';
      if (nests ? !open(first == '{') : !scalar(first) || !next()) {
        return false;
      }
    } while (depth > 0);
    return true;
  }

  /** Into an object or array up to its first value; one without values is passed. */
  private boolean open(boolean object) {
    if (depth == MAX_DEPTH) {
      return fail("nested deeper than 32");
    }
    depth++;
    objects = (objects << 1) | (object ? 1 : 0);
    position++;
    white();
    return close() ? next() : !object || name();
  }

  /** From behind a value out of everything that ends there, up to the next value if any. */
  private boolean next() {
    while (depth > 0) {
      white();
      if (take(',')) {
        white();
        return !inObject() || name();
      }
      if (!close()) {
        return fail("a comma or a closing bracket is expected");
      }
    }
    return true;
  }

  private boolean close() {
    if (!take(inObject() ? '}' : ']')) {
      return false;
    }
    depth--;
    objects >>>= 1;
    return true;
  }

  private boolean inObject() {
    return (objects & 1) == 1;
  }

  private boolean scalar(int first) {
    return switch (first) {
      case '"' -> string();
      case 't' -> literal(TRUE);
      case 'f' -> literal(FALSE);
      case 'n' -> literal(NULL);
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
      default -> fail("a value is expected");
    };
  }

  private boolean literal(byte[] word) {
    for (byte letter : word) {
      if (peek() != letter) {
        return fail("a value is misspelt");
      }
      position++;
    }
    return true;
  }

  private boolean number() {
    take('-');
    if (!take('0') && !digits()) {
      return false;
    }
    if (take('.') && !digits()) {
      return false;
    }
    if (take('e') || take('E')) {
      if (!take('+')) {
        take('-');
      }
      return digits();
    }
    return true;
  }

  private boolean digits() {
    int i = position;
    while (i < end && buffer[i] >= '0' && buffer[i] <= '9') {
      i++;
    }
    if (i == position) {
      return fail("a digit is expected");
    }
    position = i;
    return true;
  }

  private boolean string() {
    byte[] bytes = buffer;
    int i = position + 1;
    textStart = i;
    textAscii = true;
    textEscaped = false;
    while (i < end) {
      byte b = bytes[i];
      if (b >= ' ' && b != '"' && b != '\\') {
        i++;
      } else if (b == '"') {
        textEnd = i;
        position = i + 1;
        return true;
      } else {
        int length = special(b, i);
        if (length == 0) {
          return false;
        }
        i += length;
      }
    }
    return fail("", end);
  }

  /** The length of an escape or of a character above U+007F; 0 after a fault. */
  private int special(byte b, int i) {
    int length;
    String what;
    if (b == '\\') {
      textEscaped = true;
      length = escape(i);
      what = "bad escape";
    } else if (b < 0) {
      textAscii = false;
      length = Utf8.sequence(buffer, i, end);
      what = "invalid UTF-8";
    } else {
      length = 0;
      what = "unescaped control character";
    }
    if (length == 0) {
      fail(what, i);
    }
    return length;
  }

  /** The length of the escape at the backslash, 0 when there is none like it. */
  private int escape(int i) {
    return switch (at(i + 1)) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> 2;
      case 'u' -> isHex(i + 2) && isHex(i + 3) && isHex(i + 4) && isHex(i + 5) ? 6 : 0;
      default -> 0;
    };
  }

  private boolean isHex(int index) {
    return Character.digit(at(index), 16) >= 0;
  }
}
