package idserver.rule;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * The digits of doubles as C's printf writes them: the exact binary value, rounded once, half to
 * even. ({@code java.util.Formatter} rounds the shortest decimal text instead, and half up.) All
 * methods take a value that is not negative; infinity and NaN read {@code inf} and {@code nan}.
 */
final class DoubleText {
  private static final int MIN_FIXED_EXPONENT = -4;

  private DoubleText() {}

  /**
   * C's {@code %f}.
   *
   * @param precision digits after the point, at least 0
   * @param alternate whether the point is written even where no digit follows it
   */
  static String fixed(double value, int precision, boolean alternate) {
    if (!Double.isFinite(value)) {
      return special(value);
    }
    String digits =
        new BigDecimal(value).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
    return alternate && precision == 0 ? digits + "." : digits;
  }

  /** C's {@code %e}; the parameters are those of {@link #fixed}. */
  static String exponential(double value, int precision, boolean alternate) {
    if (!Double.isFinite(value)) {
      return special(value);
    }
    BigDecimal rounded = round(value, precision + 1);
    StringBuilder text = new StringBuilder(digits(rounded, precision + 1));
    if (precision > 0 || alternate) {
      text.insert(1, '.');
    }
    return appendExponent(text, exponent(rounded)).toString();
  }

  /**
   * C's {@code %g}.
   *
   * @param precision significant digits; 0 means 1
   * @param alternate whether zeros at the end, and the point, stay
   */
  static String general(double value, int precision, boolean alternate) {
    if (!Double.isFinite(value)) {
      return special(value);
    }
    int significant = Math.max(1, precision);
    BigDecimal rounded = round(value, significant);
    int exponent = exponent(rounded);
    boolean fixed = exponent >= MIN_FIXED_EXPONENT && exponent < significant;
    StringBuilder text = new StringBuilder();
    if (fixed) {
      int decimals = significant - 1 - exponent;
      text.append(rounded.setScale(decimals, RoundingMode.UNNECESSARY).toPlainString());
      if (decimals == 0) {
        text.append('.');
      }
    } else {
      text.append(digits(rounded, significant)).insert(1, '.');
    }
    if (!alternate) {
      dropZeros(text);
    }
    return (fixed ? text : appendExponent(text, exponent)).toString();
  }

  private static String special(double value) {
    return Double.isNaN(value) ? "nan" : "inf";
  }

  private static BigDecimal round(double value, int significant) {
    return new BigDecimal(value).round(new MathContext(significant, RoundingMode.HALF_EVEN));
  }

  private static int exponent(BigDecimal value) {
    return value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
  }

  /** The first {@code count} significant digits of a value that has no more than those. */
  private static String digits(BigDecimal value, int count) {
    String digits = value.unscaledValue().toString();
    return digits + "0".repeat(Math.max(0, count - digits.length()));
  }

  private static void dropZeros(StringBuilder text) {
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    if (text.charAt(end - 1) == '.') {
      end--;
    }
    text.setLength(end);
  }

  private static StringBuilder appendExponent(StringBuilder text, int exponent) {
    text.append('e').append(exponent < 0 ? '-' : '+');
    int magnitude = Math.abs(exponent);
    if (magnitude < 10) {
      text.append('0');
    }
    return text.append(magnitude);
  }
}
