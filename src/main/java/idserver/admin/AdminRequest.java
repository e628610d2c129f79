package idserver.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The JSON object that an administrator sends. Immutable. */
final class AdminRequest {
  /** The largest that is read, in bytes: a rule's text is in it. */
  private static final int LARGEST = 256 * 1024;

  // one for all: to look for the provider is dear
  private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());

  private final JsonObject object;

  private AdminRequest(JsonObject object) {
    this.object = object;
  }

  /**
   * Reads it.
   *
   * @param members those that there may be
   */
  static AdminRequest read(InputStream body, Set<String> members) throws AdminRefusal {
    JsonObject object = parse(body);
    for (String member : object.keySet()) {
      if (!members.contains(member)) {
        throw AdminRefusal.badField(
            member,
            "is not known; known are " + String.join(", ", members.stream().sorted().toList()));
      }
    }
    return new AdminRequest(object);
  }

  private static JsonObject parse(InputStream body) throws AdminRefusal {
    try {
      byte[] json = body.readNBytes(LARGEST + 1);
      if (json.length > LARGEST) {
        throw new AdminRefusal(413, "BODY_TOO_LARGE", "at most " + LARGEST + " bytes are read");
      }
      try (JsonReader reader = READERS.createReader(new ByteArrayInputStream(json), UTF_8)) {
        JsonStructure structure = reader.read();
        if (structure instanceof JsonObject object) {
          return object;
        }
      }
      throw new AdminRefusal(400, "BAD_JSON", "the body must be one JSON object");
    } catch (IOException | JsonException | IllegalStateException e) {
      throw new AdminRefusal(
          400, "BAD_JSON", "the body must be one JSON object: " + e.getMessage());
    }
  }

  /** A string, or null where there is none. */
  @Nullable String text(String member) throws AdminRefusal {
    JsonValue value = object.get(member);
    if (value == null || value == JsonValue.NULL) {
      return null;
    }
    if (value instanceof JsonString string) {
      return string.getString();
    }
    throw AdminRefusal.badField(member, "must be a string");
  }

  /** A string that has to be there and not empty. */
  String someText(String member) throws AdminRefusal {
    String text = text(member);
    if (text == null || text.isEmpty()) {
      throw AdminRefusal.badField(member, "is missing");
    }
    return text;
  }

  /** A whole number from 0, as a number or a string of digits; empty where there is none. */
  OptionalLong number(String member) throws AdminRefusal {
    JsonValue value = object.get(member);
    if (value == null || value == JsonValue.NULL) {
      return OptionalLong.empty();
    }
    String digits =
        value instanceof JsonString string
            ? string.getString()
            : value instanceof JsonNumber number ? number.toString() : "";
    return OptionalLong.of(number(member, digits));
  }

  /** A whole number from 0 that has to be there. */
  long someNumber(String member) throws AdminRefusal {
    return number(member).orElseThrow(() -> AdminRefusal.badField(member, "is missing"));
  }

  /** A whole number from 0 of these digits. */
  static long number(String member, String digits) throws AdminRefusal {
    if (digits.matches("[0-9]{1,19}")) {
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException tooLarge) {
        // as any other
      }
    }
    throw AdminRefusal.badField(member, "must be a whole number from 0 to " + Long.MAX_VALUE);
  }

  /** A moment on the local clock, or null where there is none. */
  @Nullable LocalDateTime moment(String member) throws AdminRefusal {
    String text = text(member);
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      return LocalDateTime.parse(text);
    } catch (DateTimeParseException e) {
      throw AdminRefusal.badField(member, "must be a moment such as 2026-12-31T23:59:59");
    }
  }
}
