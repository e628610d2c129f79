package idserver.rule;

/**
 * The character classes of Lua patterns in the "C" locale: bytes above 127 belong to none. All
 * methods take a byte as a number from 0 to 255.
 */
final class LuaCharacters {
  private LuaCharacters() {}

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean isUpper(int c) {
    return c >= 'A' && c <= 'Z';
  }

  static boolean isLower(int c) {
    return c >= 'a' && c <= 'z';
  }

  static boolean isLetter(int c) {
    return isUpper(c) || isLower(c);
  }

  static boolean isSpace(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  static int toUpper(int c) {
    return isLower(c) ? c - 'a' + 'A' : c;
  }

  static int toLower(int c) {
    return isUpper(c) ? c - 'A' + 'a' : c;
  }

  /** Whether {@code c} is in the class that {@code %letter} names; a capital is the opposite. */
  static boolean isInClass(int c, int letter) {
    boolean in =
        switch (toLower(letter)) {
          case 'a' -> isLetter(c);
          case 'c' -> c < ' ' || c == 127;
          case 'd' -> isDigit(c);
          case 'l' -> isLower(c);
          case 'p' -> c > ' ' && c < 127 && !isLetter(c) && !isDigit(c);
          case 's' -> isSpace(c);
          case 'u' -> isUpper(c);
          case 'w' -> isLetter(c) || isDigit(c);
          case 'x' -> isDigit(c) || (toLower(c) >= 'a' && toLower(c) <= 'f');
          case 'z' -> c == 0;
          default -> {
            // not a class: the character itself
            boolean same = letter == c;
            yield isUpper(letter) ? !same : same;
          }
        };
    return in != isUpper(letter);
  }
}
