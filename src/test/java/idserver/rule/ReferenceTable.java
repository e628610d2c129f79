package idserver.rule;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.luaj.vm2.LuaNumber;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;

/** Answers of real Lua 5.1, as the scripts in {@code src/test/lua} print them. */
final class ReferenceTable {
  private static final String RESULT = "=>";
  private static final String FAILURE = "!!";

  private ReferenceTable() {}

  /** One question with its answer: tab-separated columns on both sides. */
  record Line(List<String> question, String answer) {}

  static List<Line> read(String name) {
    try (InputStream in = Objects.requireNonNull(ReferenceTable.class.getResourceAsStream(name));
        BufferedReader reader =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII))) {
      return reader.lines().map(ReferenceTable::parse).collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Line parse(String line) {
    List<String> columns = Arrays.asList(line.split("\t", -1));
    int answer = Math.max(columns.lastIndexOf(RESULT), columns.lastIndexOf(FAILURE));
    return new Line(
        columns.subList(0, answer), String.join("\t", columns.subList(answer, columns.size())));
  }

  static String failure(String message) {
    return FAILURE + "\t" + escape(LuaString.valueOf(message.toCharArray()));
  }

  static String result(LuaString text) {
    return RESULT + "\t" + escape(text);
  }

  static String results(Varargs values) {
    StringBuilder text = new StringBuilder(RESULT);
    for (int i = 1; i <= values.narg(); i++) {
      text.append('\t').append(show(values.arg(i)));
    }
    return text.toString();
  }

  static String show(LuaValue value) {
    if (value instanceof LuaString string) {
      return "s:" + escape(string);
    }
    return value instanceof LuaNumber number ? "n:" + LuaNumbers.text(number) : value.tojstring();
  }

  static Varargs values(List<String> columns) {
    List<LuaValue> values = new ArrayList<>();
    for (String column : columns) {
      values.add(value(column));
    }
    return LuaValue.varargsOf(values.toArray(new LuaValue[0]));
  }

  private static LuaValue value(String column) {
    if (column.startsWith("s:")) {
      return unescape(column.substring(2));
    }
    return switch (column) {
      case "n:inf" -> LuaValue.valueOf(Double.POSITIVE_INFINITY);
      case "n:-inf" -> LuaValue.valueOf(Double.NEGATIVE_INFINITY);
      case "nil" -> LuaValue.NIL;
      case "true" -> LuaValue.TRUE;
      case "t" -> new LuaTable();
      default -> LuaValue.valueOf(Double.parseDouble(column.substring(2)));
    };
  }

  static LuaString unescape(String text) {
    StringBuilder bytes = new StringBuilder();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i++);
      if (c == '\\') {
        c = (char) Integer.parseInt(text.substring(i, i + 3));
        i += 3;
      }
      bytes.append(c);
    }
    return LuaString.valueOf(bytes.toString().toCharArray());
  }

  private static String escape(LuaString bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes.m_length; i++) {
      int c = bytes.luaByte(i);
      if (c < ' ' || c > '~' || c == '\\') {
        text.append('\\').append(Integer.toString(1000 + c).substring(1));
      } else {
        text.append((char) c);
      }
    }
    return text.toString();
  }
}
