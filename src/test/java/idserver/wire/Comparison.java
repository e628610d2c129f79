package idserver.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import idserver.issue.RefusalKind;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the decoder makes of a request, beside what {@link ReferenceParser} makes of it. */
final class Comparison {
  private Comparison() {}

  /** Compares the outcome, and the members of a request that is served; says whether it is. */
  static boolean agree(RequestDecoder decoder, byte[] bytes) {
    Decoded decoded = decoder.decode(bytes, 0, bytes.length);
    String shown = new String(bytes, UTF_8);
    if (!ReferenceParser.beginsAsObject(bytes)) {
      assertThat(decoded).as(shown).isEqualTo(NotAnObject.INSTANCE);
      return false;
    }
    if (isTooDeep(decoded)) {
      return false;
    }
    Map<String, List<String>> members = ReferenceParser.parse(bytes);
    boolean broken =
        decoded instanceof BadRequest bad && bad.refusal().kind() == RefusalKind.BAD_JSON;
    assertThat(broken).as(shown).isEqualTo(members == null);
    if (members == null) {
      return false;
    }
    String requestId = decoded instanceof RepeatableRequest named ? named.requestId() : "";
    String bizDate = "";
    if (decoded instanceof RepeatableRequest named) {
      decoded = named.request();
    } else if (decoded instanceof DatedWireRequest dated) {
      requestId = dated.requestId();
      bizDate = dated.bizDate().toString();
      decoded = dated.request();
    } else if (decoded instanceof SettleWireRequest settle) {
      requestId = settle.requestId();
      decoded = settle.request();
    }
    boolean served = decoded instanceof WireRequest;
    assertThat(served || isSeqTooLong(decoded)).as(shown).isEqualTo(isServed(members));
    Seq seq = served ? ((WireRequest) decoded).seq() : ((BadRequest) decoded).seq();
    if (served || seq.length() > 0) {
      assertThat(events(seq)).as(shown).isEqualTo(members.get("seq"));
    }
    if (decoded instanceof WireRequest request) {
      assertThat(rewritten(request)).as(shown).isEqualTo(plain(members));
      boolean monitor = request.action() == Action.MONITOR;
      assertThat(requestId).as(shown).isEqualTo(monitor ? "" : text(members, "request_id", ""));
      boolean get = request.action() == Action.GET;
      assertThat(bizDate).as(shown).isEqualTo(get ? text(members, "biz_date", "") : "");
    }
    return served;
  }

  /** A bound that the reference does not have. */
  private static boolean isTooDeep(Decoded decoded) {
    return decoded instanceof BadRequest bad
        && bad.refusal().message().startsWith("nested deeper than ");
  }

  /** Comes after all other faults, and the reference does not know how the seq was written. */
  private static boolean isSeqTooLong(Decoded decoded) {
    return decoded instanceof BadRequest bad
        && bad.refusal().message().equals("seq is longer than 64 bytes");
  }

  /** The limits once more, plainly. */
  private static boolean isServed(Map<String, List<String>> members) {
    String action = text(members, "action", "");
    String count = String.join("", members.getOrDefault("count", List.of("VALUE_NUMBER:1")));
    return List.of("get", "create", "monitor", "confirm", "cancel").contains(action)
        && isText(text(members, "rule_name", ""), "(?s).+", 255)
        && isText(text(members, "app_name", ""), "[^\\x00-\\x1f\\x7f-\\x9f]+", 255)
        && isText(text(members, "salt", "x"), "[^\\x00-\\x1f\\x7f-\\x9f]*", 64)
        && isText(text(members, "request_id", "x"), "[^\\x00-\\x1f\\x7f-\\x9f]+", 64)
        && isDay(text(members, "biz_date", "2026-11-22"))
        && count.matches("VALUE_NUMBER:[1-9][0-9]*")
        && new BigInteger(count.substring("VALUE_NUMBER:".length())).bitLength() < 32;
  }

  private static boolean isDay(String text) {
    try {
      return text.length() == "2026-11-22".length() && LocalDate.parse(text).getYear() >= 0;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /** The text of a string; what no member may hold when it is something else. */
  private static String text(Map<String, List<String>> members, String name, String absent) {
    List<String> events = members.getOrDefault(name, List.of("VALUE_STRING:" + absent));
    String event = events.get(0);
    return event.startsWith("VALUE_STRING:") ? event.substring("VALUE_STRING:".length()) : "\ud800";
  }

  private static boolean isText(String text, String pattern, int maxBytes) {
    return text.matches(pattern)
        && UTF_8.newEncoder().canEncode(text)
        && text.getBytes(UTF_8).length <= maxBytes;
  }

  private static @Nullable List<String> events(Seq seq) {
    Map<String, List<String>> wrapped =
        ReferenceParser.parse((seq.length() == 0 ? "{}" : "{\"seq\":" + seq + "}").getBytes(UTF_8));
    return wrapped == null ? List.of("not a value") : wrapped.get("seq");
  }

  private static List<String> rewritten(WireRequest request) {
    return List.of(
        request.action().name(),
        request.key().rule(),
        request.key().app(),
        request.salt(),
        "VALUE_NUMBER:" + request.count());
  }

  private static Action action(String text) {
    return switch (text) {
      case "monitor" -> Action.MONITOR;
      case "confirm" -> Action.CONFIRM;
      case "cancel" -> Action.CANCEL;
      default -> Action.GET;
    };
  }

  private static List<String> plain(Map<String, List<String>> members) {
    return List.of(
        action(text(members, "action", "")).name(),
        text(members, "rule_name", ""),
        text(members, "app_name", ""),
        text(members, "salt", ""),
        members.getOrDefault("count", List.of("VALUE_NUMBER:0")).get(0));
  }
}
