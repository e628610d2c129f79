package idserver.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The limits that a request's members keep, whichever transport they came by. Each check answers
 * null when the value may be used. Nothing is trimmed, folded or normalised: names that differ in a
 * byte are different names.
 */
public final class Members {
  /** The longest rule or application name, in bytes of UTF-8. */
  public static final int MAX_NAME_BYTES = 255;

  /** The longest salt, in bytes of UTF-8. */
  public static final int MAX_SALT_BYTES = 64;

  /** The longest request id, in bytes of UTF-8. */
  public static final int MAX_REQUEST_ID_BYTES = 64;

  private static final int MAX_QUOTED_CHARS = 32;
  private static final Pattern BIZ_DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

  private static final Refusal BAD_COUNT =
      badField("count", "must be an integer from 1 to " + Integer.MAX_VALUE);

  private Members() {}

  /** {@code get}, its alias {@code create}, {@code monitor}, {@code confirm} or {@code cancel}. */
  public static @Nullable Refusal checkAction(String action) {
    return switch (action) {
      case "get", "create", "monitor", "confirm", "cancel" -> null;
      default ->
          new Refusal(
              RefusalKind.UNKNOWN_ACTION,
              "action must be get, create, monitor, confirm or cancel: " + quoted(action));
    };
  }

  /** 1 to 255 bytes, no lone surrogates; the fault is a BAD_FIELD. */
  public static @Nullable Refusal checkRuleName(String name) {
    String fault = name.isEmpty() ? "is empty" : textFault(name, MAX_NAME_BYTES, true);
    return fault == null ? null : badField("rule_name", fault);
  }

  /** 1 to 255 bytes, no control characters, no lone surrogates; the fault is a BAD_APP_NAME. */
  public static @Nullable Refusal checkAppName(String name) {
    String fault = name.isEmpty() ? "is empty" : textFault(name, MAX_NAME_BYTES, false);
    return fault == null ? null : new Refusal(RefusalKind.BAD_APP_NAME, "app_name " + fault);
  }

  /** 0 to 64 bytes, no control characters, no lone surrogates; the fault is a BAD_SALT. */
  public static @Nullable Refusal checkSalt(String salt) {
    String fault = textFault(salt, MAX_SALT_BYTES, false);
    return fault == null ? null : new Refusal(RefusalKind.BAD_SALT, "salt " + fault);
  }

  /** 1 to 64 bytes, no control characters, no lone surrogates; the fault is a BAD_FIELD. */
  public static @Nullable Refusal checkRequestId(String id) {
    String fault = id.isEmpty() ? "is empty" : textFault(id, MAX_REQUEST_ID_BYTES, false);
    return fault == null ? null : badField("request_id", fault);
  }

  /** {@code YYYY-MM-DD}, a day that there is; the fault is a BAD_FIELD. */
  public static @Nullable Refusal checkBizDate(String date) {
    return bizDate(date) == null
        ? badField("biz_date", "must be a day such as \"2026-11-22\"")
        : null;
  }

  /** The day, or null where it is none. */
  public static @Nullable LocalDate bizDate(String date) {
    if (!BIZ_DATE.matcher(date).matches()) {
      return null;
    }
    try {
      return LocalDate.parse(date);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** A JSON number that is an integer from 1 to 2147483647, without fraction or exponent. */
  public static @Nullable Refusal checkCount(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    return count(bytes, 0, bytes.length) > 0 ? null : badCount();
  }

  /** One JSON value of at most 64 bytes without white space around it. */
  public static @Nullable Refusal checkSeq(String json) {
    String fault = textFault(json, Seq.MAX_BYTES, true);
    if (fault != null) {
      return badField("seq", fault);
    }
    byte[] bytes = json.getBytes(UTF_8);
    JsonScanner scanner = new JsonScanner();
    scanner.begin(bytes, 0, bytes.length);
    return scanner.value() && scanner.atEnd() ? null : badField("seq", "is not one JSON value");
  }

  /** The count that the bytes write as a decimal integer; 0 when they are none that is allowed. */
  static int count(byte[] bytes, int from, int to) {
    if (to - from < 1 || to - from > 10 || bytes[from] == '0') {
      return 0;
    }
    long count = 0;
    for (int i = from; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return 0;
      }
      count = count * 10 + (bytes[i] - '0');
    }
    return count > Integer.MAX_VALUE ? 0 : (int) count;
  }

  static Refusal badCount() {
    return BAD_COUNT;
  }

  static Refusal badField(String member, String fault) {
    return new Refusal(RefusalKind.BAD_FIELD, member + " " + fault);
  }

  static String tooLong(int maxBytes) {
    return "is longer than " + maxBytes + " bytes";
  }

  private static @Nullable String textFault(String text, int maxBytes, boolean controlsAllowed) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= ' ' && c < 0x7F) {
        bytes++;
      } else if (Character.isISOControl(c) && !controlsAllowed) {
        return "holds a control character";
      } else if (!Character.isSurrogate(c)) {
        bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
      } else if (text.codePointAt(i) > 0xFFFF) {
        bytes += 4;
        i++;
      } else {
        return "holds half of a surrogate pair";
      }
    }
    return bytes > maxBytes ? tooLong(maxBytes) : null;
  }

  /**
   * What a client wrote, fit to be shown in a message or a log: in quotes, at most 32 characters
   * and then three dots, and whatever would not show as itself escaped.
   */
  public static String quoted(String input) {
    StringBuilder shown = new StringBuilder(MAX_QUOTED_CHARS + 5).append('"');
    int taken = 0;
    for (int i = 0; i < input.length() && taken < MAX_QUOTED_CHARS; taken++) {
      int c = input.codePointAt(i);
      if (isVisible(c)) {
        shown.appendCodePoint(c);
      } else {
        for (char half : Character.toChars(c)) {
          shown.append(String.format("\\u%04x", (int) half));
        }
      }
      i += Character.charCount(c);
    }
    boolean cut = input.codePointCount(0, input.length()) > taken;
    return shown.append(cut ? "...\"" : "\"").toString();
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
