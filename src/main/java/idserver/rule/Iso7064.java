package idserver.rule;

import org.luaj.vm2.LuaString;

/**
 * Check characters after ISO/IEC 7064: the pure system MOD 97-10, and the hybrid systems. Of a
 * letter counts its place behind the digits: A is 10, Z is 35. Thread-safe.
 */
final class Iso7064 {
  private static final int PURE_MODULUS = 97;

  private Iso7064() {}

  /** The value of a digit or capital letter, 0 to 35; -1 for any other byte. */
  static int value(int c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
  }

  /** The digit or capital letter of that value, 0 to 35. */
  static char character(int value) {
    return (char) (value < 10 ? '0' + value : 'A' + value - 10);
  }

  /**
   * The two check digits of MOD 97-10, as a number from 2 to 98. A letter is read as two digits.
   *
   * @param text digits and capital letters
   */
  static int mod97(LuaString text) {
    int rest = 0;
    for (int i = 0; i < text.m_length; i++) {
      int value = value(text.luaByte(i));
      rest = (rest * (value < 10 ? 10 : 100) + value) % PURE_MODULUS;
    }
    return PURE_MODULUS + 1 - rest * 100 % PURE_MODULUS;
  }

  /**
   * The value of the check character of a hybrid system, MOD 11,10 or MOD 37,36: 0 up to the number
   * of characters.
   *
   * @param text characters whose values are below {@code characters}
   * @param characters how many different ones there are: 10 or 36
   */
  static int hybrid(LuaString text, int characters) {
    int product = characters;
    for (int i = 0; i < text.m_length; i++) {
      int sum = product + value(text.luaByte(i));
      // both are the remainder of a division, where 0 stands for all of the characters
      product = 2 * (sum > characters ? sum - characters : sum);
      product -= product > characters ? characters + 1 : 0;
    }
    return (characters + 1 - product) % characters;
  }
}
