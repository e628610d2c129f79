package idserver.wire;

import static jakarta.json.stream.JsonParser.Event.END_ARRAY;
import static jakarta.json.stream.JsonParser.Event.END_OBJECT;
import static jakarta.json.stream.JsonParser.Event.KEY_NAME;
import static jakarta.json.stream.JsonParser.Event.START_ARRAY;
import static jakarta.json.stream.JsonParser.Event.START_OBJECT;
import static jakarta.json.stream.JsonParser.Event.VALUE_NUMBER;
import static jakarta.json.stream.JsonParser.Event.VALUE_STRING;
import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What another JSON parser makes of a request. What that parser lets pass is checked here: invalid
 * UTF-8, an unfinished document, names that occur twice in the object itself.
 */
final class ReferenceParser {
  private ReferenceParser() {}

  static boolean beginsAsObject(byte[] bytes) {
    for (byte b : bytes) {
      if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
        return b == '{';
      }
    }
    return false;
  }

  /**
   * The members of the object, each as the events of its value with what is written there; null
   * when the bytes are not just one object as RFC 8259 has it. (The parser's own tree would convert
   * the numbers, and fails at some.)
   */
  static @Nullable Map<String, List<String>> parse(byte[] bytes) {
    try {
      return parse(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException | JsonException e) {
      return null;
    }
  }

  private static @Nullable Map<String, List<String>> parse(String text) {
    Map<String, List<String>> members = new HashMap<>();
    List<String> events = new ArrayList<>();
    int depth = 0;
    JsonParser parser = Json.createParser(new StringReader(text));
    while (parser.hasNext()) {
      JsonParser.Event event = parser.next();
      depth += event == START_OBJECT || event == START_ARRAY ? 1 : 0;
      depth -= event == END_OBJECT || event == END_ARRAY ? 1 : 0;
      if (event == KEY_NAME && depth == 1) {
        events = new ArrayList<>();
        if (members.put(parser.getString(), events) != null) {
          return null;
        }
      } else if (event == KEY_NAME || event == VALUE_STRING || event == VALUE_NUMBER) {
        events.add(event + ":" + parser.getString());
      } else if (depth > 0) {
        events.add(event.name());
      }
    }
    return depth == 0 ? members : null;
  }
}
