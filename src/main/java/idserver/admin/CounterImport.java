package idserver.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import idserver.counter.CounterKey;
import idserver.wire.Members;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Counters of another system: a line each of rule, namespace, last number and, where that is known,
 * the time of it, with tabs between them. Immutable.
 *
 * @param lines what is to be left out
 * @param faults what is wrong, a line each; nothing is taken over then
 */
record CounterImport(List<Line> lines, List<String> faults) {
  private static final int LARGEST = 8 * 1024 * 1024;
  private static final int MOST_FAULTS = 20;
  private static final int COLUMNS = 3;

  CounterImport {
    lines = List.copyOf(lines);
    faults = List.copyOf(faults);
  }

  /**
   * A counter of the other system. Immutable.
   *
   * @param number the last one in use
   * @param epochSecond when it was, in seconds since 1970-01-01T00:00Z; empty for the present
   *     period
   */
  record Line(CounterKey key, long number, OptionalLong epochSecond) {}

  static CounterImport read(InputStream body) throws AdminRefusal {
    List<Line> lines = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    int number = 0;
    for (String line : text(body).lines().toList()) {
      number++;
      if (line.isEmpty() || faults.size() >= MOST_FAULTS) {
        continue;
      }
      try {
        lines.add(line(line.split("\t", -1)));
      } catch (AdminRefusal e) {
        faults.add("line " + number + ": " + e.getMessage());
      }
    }
    return new CounterImport(lines, faults);
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

  private static Line line(String[] columns) throws AdminRefusal {
    if (columns.length != COLUMNS && columns.length != COLUMNS + 1) {
      throw AdminRefusal.badField(
          "columns",
          "must be rule, app_name, number and, if known, its time in seconds since 1970, tabs"
              + " between them");
    }
    if (Members.checkRuleName(columns[0]) != null) {
      throw AdminRefusal.badField("rule", "is no name of a rule: " + columns[0]);
    }
    if (Members.checkAppName(columns[1]) != null) {
      throw AdminRefusal.badField("app_name", "is no app_name: " + columns[1]);
    }
    long number = AdminRequest.number("number", columns[2]);
    OptionalLong time =
        columns.length == COLUMNS
            ? OptionalLong.empty()
            : OptionalLong.of(AdminRequest.number("time", columns[COLUMNS]));
    return new Line(new CounterKey(columns[0], columns[1]), number, time);
  }
}
