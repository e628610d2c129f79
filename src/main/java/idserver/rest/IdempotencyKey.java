package idserver.rest;

import org.jspecify.annotations.Nullable;

/**
 * The header {@code Idempotency-Key}, which is the {@code request_id} of HTTP: a string of RFC 8941
 * in quotes, as draft-ietf-httpapi-idempotency-key-header has it, or the same without quotes, as
 * many clients write it. Stateless.
 */
final class IdempotencyKey {
  static final String HEADER = "Idempotency-Key";

  private IdempotencyKey() {}

  /** The key; null when the header is no string of printable ASCII. */
  static @Nullable String read(String header) {
    String text = header.strip();
    if (!text.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      return null;
    }
    return text.startsWith("\"") ? unquoted(text) : text;
  }

  private static @Nullable String unquoted(String text) {
    StringBuilder key = new StringBuilder(text.length());
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        return i == text.length() - 1 ? key.toString() : null;
      }
      if (c == '\\') {
        i++;
        if (i == text.length() || (text.charAt(i) != '"' && text.charAt(i) != '\\')) {
          return null;
        }
      }
      key.append(text.charAt(i));
    }
    return null;
  }
}
