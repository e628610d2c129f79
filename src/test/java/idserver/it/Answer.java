package idserver.it;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.List;
import java.util.Map;

/** One answer of the server, over UDP or HTTP: the JSON object, and the text it came as. */
record Answer(String text, JsonObject json) {
  private static final JsonReaderFactory READERS = Json.createReaderFactory(Map.of());

  static Answer of(String text) {
    try (JsonReader reader = READERS.createReader(new StringReader(text))) {
      return new Answer(text, reader.readObject());
    } catch (JsonException e) {
      throw new AssertionError("no JSON object: " + text, e);
    }
  }

  boolean granted() {
    return code() == 0;
  }

  int code() {
    return json.getInt("code");
  }

  /** The stable name of a refusal; empty when there is none. */
  String error() {
    return json.getString("error", "");
  }

  /** The one id. */
  String id() {
    if (!granted()) {
      throw new AssertionError("refused: " + text);
    }
    return json.getString("data");
  }

  /** The ids of a request with a count. */
  List<String> ids() {
    if (!granted()) {
      throw new AssertionError("refused: " + text);
    }
    return json.getJsonArray("data").getValuesAs(JsonString::getString);
  }

  /** What {@code monitor} tells about the counter. */
  JsonObject monitored() {
    return json.getJsonObject("data");
  }

  /** The member {@code seq}, or the JSON null when it is missing. */
  JsonValue seq() {
    return json.getOrDefault("seq", JsonValue.NULL);
  }
}
