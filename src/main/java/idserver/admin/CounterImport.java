package idserver.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import idserver.counter.CounterKey;
import idserver.wire.Members;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Counters of another system: a line each of rule, namespace and last number, with tabs between
 * them. Immutable.
 *
 * @param numbers the last number in use of each counter, the highest where a counter comes twice
 * @param faults what is wrong, a line each; nothing is taken over then
 */
record CounterImport(Map<CounterKey, Long> numbers, List<String> faults) {
  private static final int LARGEST = 8 * 1024 * 1024;
  private static final int MOST_FAULTS = 20;
  private static final int COLUMNS = 3;

  static CounterImport read(InputStream body) throws AdminRefusal {
    Map<CounterKey, Long> numbers = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    int number = 0;
    for (String line : text(body).lines().toList()) {
      number++;
      if (line.isEmpty() || faults.size() >= MOST_FAULTS) {
        continue;
      }
      try {
        add(line.split("\t", -1), numbers);
      } catch (AdminRefusal e) {
        faults.add("line " + number + ": " + e.getMessage());
      }
    }
    return new CounterImport(numbers, faults);
  }

  private static String text(InputStream body) throws AdminRefusal {
    try {
      byte[] bytes = body.readNBytes(LARGEST + 1);
      if (bytes.length > LARGEST) {
        throw new AdminRefusal(
            413, "BODY_TOO_LARGE", "at most " + LARGEST + " bytes at once: send it in parts");
      }
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new AdminRefusal(400, "BAD_FIELD", "the text must be UTF-8");
    } catch (IOException e) {
      throw new AdminRefusal(400, "BAD_FIELD", "the text cannot be read: " + e.getMessage());
    }
  }

  private static void add(String[] columns, Map<CounterKey, Long> numbers) throws AdminRefusal {
    if (columns.length != COLUMNS) {
      throw AdminRefusal.badField(
          "columns", "must be rule, app_name and number, tabs between them");
    }
    if (Members.checkRuleName(columns[0]) != null) {
      throw AdminRefusal.badField("rule", "is no name of a rule: " + columns[0]);
    }
    if (Members.checkAppName(columns[1]) != null) {
      throw AdminRefusal.badField("app_name", "is no app_name: " + columns[1]);
    }
    long number = AdminRequest.number("number", columns[2]);
    numbers.merge(new CounterKey(columns[0], columns[1]), number, Math::max);
  }
}
