package idserver.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * A member that requests may have, and where its value lies in the bytes being decoded. Mutable,
 * confined to its decoder.
 */
final class Span {
  private static final int ABSENT = -1;

  private final String name;
  private final byte[] nameBytes;
  private int start = ABSENT;
  private int end;
  private boolean ascii;
  private boolean escaped;

  Span(String name) {
    this.name = name;
    this.nameBytes = name.getBytes(UTF_8);
  }

  String name() {
    return name;
  }

  boolean isNamed(byte[] buffer, int from, int to) {
    return Arrays.equals(nameBytes, 0, nameBytes.length, buffer, from, to);
  }

  void forget() {
    start = ABSENT;
  }

  /** Keeps the value that the scanner has just passed. */
  void keep(int from, JsonScanner passed) {
    start = from;
    end = passed.position();
    ascii = passed.textAscii();
    escaped = passed.textEscaped();
  }

  boolean isPresent() {
    return start != ABSENT;
  }

  boolean isString(byte[] buffer) {
    return buffer[start] == '"';
  }

  boolean isNull(byte[] buffer) {
    return buffer[start] == 'n';
  }

  /** Whether this is a string that is written as these bytes. */
  boolean isText(byte[] buffer, byte[] text) {
    return isString(buffer) && Arrays.equals(text, 0, text.length, buffer, start + 1, end - 1);
  }

  /** The text of a string, or of one that is too long for any member at least too much. */
  String text(byte[] buffer) {
    return JsonText.read(buffer, start + 1, end - 1, ascii, escaped, Members.MAX_NAME_BYTES);
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  int length() {
    return end - start;
  }
}
