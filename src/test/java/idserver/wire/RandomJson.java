package idserver.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;

/** Random text, JSON values and requests, and damage done to them. */
final class RandomJson {
  private static final String[] NUMBERS = {
    "0", "-0", "1", "7", "-12", "3.25", "1e9", "-0.5E-3", "1e999999999", "2147483648", "10E+2"
  };
  private static final String[] MEMBERS = {
    "action",
    "rule_name",
    "app_name",
    "salt",
    "count",
    "request_id",
    "seq",
    "biz_date",
    "x",
    "",
    "Action"
  };
  private static final String PIECES =
      "{}[]\",:'\\/ \t\n0123456789+-.eEtruefalsn\u0000\u001f\u007fu";

  private final RandomGenerator random;

  RandomJson(RandomGenerator random) {
    this.random = random;
  }

  /** Any chars at all, lone surrogates and controls among them. */
  String text(int maxChars) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(maxChars + 1); i > 0; i--) {
      switch (random.nextInt(12)) {
        case 0 -> text.append((char) random.nextInt(0x20));
        case 1 -> text.append((char) random.nextInt(0x80, 0x800));
        case 2 -> text.append((char) random.nextInt(0x10000));
        case 3 -> text.appendCodePoint(random.nextInt(0x10000, 0x110000));
        case 4 -> text.append((char) random.nextInt(0xD800, 0xE000));
        case 5 -> text.append(random.nextBoolean() ? '"' : '\\');
        default -> text.append((char) random.nextInt(' ', 0x7F));
      }
    }
    return text.toString();
  }

  /** The text as a JSON string, escaped where it must be and at random where it may be. */
  String string(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      boolean must = c < ' ' || c == '"' || c == '\\' || (Character.isSurrogate(c) && !pair);
      if (must || random.nextInt(20) == 0) {
        json.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
        // its other half may not stay behind alone
        if (pair) {
          json.append(String.format("\\u%04x", (int) text.charAt(++i)));
        }
      } else {
        json.append(c);
        if (pair) {
          json.append(text.charAt(++i));
        }
      }
    }
    return json.append('"').toString();
  }

  String value(int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 5)) {
      case 0 -> "null";
      case 1 -> random.nextBoolean() ? "true" : "false";
      case 2 -> NUMBERS[random.nextInt(NUMBERS.length)];
      case 3, 4 -> string(text(6));
      case 5 -> {
        List<String> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          values.add(value(depth - 1));
        }
        yield joined("[", values, "]");
      }
      default -> {
        List<String> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          values.add(string(text(3)) + white() + ":" + white() + value(depth - 1));
        }
        yield joined("{", values, "}");
      }
    };
  }

  /** An object that is often, but not always, a request that can be served. */
  String request() {
    List<String> members = new ArrayList<>();
    String[] actions = {"get", "create", "monitor", "confirm", "cancel", "got"};
    members.add(member("action", string(actions[random.nextInt(20) == 0 ? 3 : random.nextInt(3)])));
    members.add(member("rule_name", string("r" + random.nextInt(9))));
    members.add(
        member("app_name", string(random.nextInt(4) == 0 ? text(9) : "\u00e9 a\ud83d\ude00")));
    if (random.nextBoolean()) {
      members.add(member("salt", string(random.nextInt(4) == 0 ? text(4) : "s")));
    }
    if (random.nextInt(4) == 0) {
      members.add(member("request_id", string(random.nextInt(4) == 0 ? text(4) : "r")));
    }
    if (random.nextInt(4) == 0) {
      members.add(member("biz_date", string(random.nextInt(4) == 0 ? text(4) : day())));
    }
    if (random.nextBoolean()) {
      members.add(member("count", String.valueOf(random.nextInt(-1, 20))));
    }
    if (random.nextBoolean()) {
      members.add(member("seq", value(3)));
    }
    while (random.nextInt(3) == 0) {
      members.add(member(MEMBERS[random.nextInt(MEMBERS.length)], value(3)));
    }
    if (random.nextInt(10) == 0) {
      members.remove(random.nextInt(members.size()));
    }
    Collections.shuffle(members, new Random(random.nextLong()));
    return white() + joined("{", members, "}") + white();
  }

  private String member(String name, String json) {
    return string(name) + white() + ":" + white() + json;
  }

  private String joined(String open, List<String> parts, String close) {
    return open + white() + String.join(white() + "," + white(), parts) + white() + close;
  }

  private String white() {
    return random.nextInt(6) > 0 ? "" : new String[] {" ", "\n", "\t\r", "  "}[random.nextInt(4)];
  }

  /** The bytes with one to three places changed, added, doubled or cut. */
  byte[] damaged(byte[] bytes) {
    byte[] damaged = bytes;
    for (int i = random.nextInt(3); i >= 0; i--) {
      damaged = damagedOnce(damaged);
    }
    return damaged;
  }

  private byte[] damagedOnce(byte[] bytes) {
    int from = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, from + random.nextInt(4));
    byte[] added =
        switch (random.nextInt(5)) {
          case 0 -> new byte[] {(byte) random.nextInt(256)};
          case 1, 2 -> new byte[] {(byte) PIECES.charAt(random.nextInt(PIECES.length()))};
          case 3 -> Arrays.copyOfRange(bytes, from, to);
          default -> new byte[0];
        };
    int kept = random.nextBoolean() ? from : to;
    byte[] damaged = new byte[from + added.length + bytes.length - kept];
    System.arraycopy(bytes, 0, damaged, 0, from);
    System.arraycopy(added, 0, damaged, from, added.length);
    System.arraycopy(bytes, kept, damaged, from + added.length, bytes.length - kept);
    return damaged;
  }

  /** One that there is, mostly. */
  private String day() {
    return String.format(
        "20%02d-%02d-%02d", random.nextInt(100), random.nextInt(14), random.nextInt(31));
  }
}
