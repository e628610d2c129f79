package idserver.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import idserver.issue.RefusalKind;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestDecoderPropertiesTest {
  private final RequestDecoder decoder = new RequestDecoder();

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("idserver.wire.Seeds#seeds")
  void agreesWithTheReferenceParserOnRequests(long seed) {
    RandomJson json = new RandomJson(new SplittableRandom(seed));
    int served = 0;
    for (int i = 0; i < 4_000; i++) {
      served += check(json.request().getBytes(UTF_8)) ? 1 : 0;
    }
    // neither side of the comparison may be empty
    assertThat(served).isBetween(400, 3_600);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("idserver.wire.Seeds#seeds")
  void agreesWithTheReferenceParserOnDamagedRequests(long seed) {
    RandomJson json = new RandomJson(new SplittableRandom(seed));
    int wellFormed = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] damaged = json.damaged(json.request().getBytes(UTF_8));
      check(damaged);
      wellFormed += ReferenceParser.parse(damaged) == null ? 0 : 1;
    }
    assertThat(wellFormed).isBetween(400, 9_600);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("idserver.wire.Seeds#seeds")
  void neverThrowsWhateverTheBytes(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    RandomJson json = new RandomJson(random);
    byte[][] requests = new byte[64][];
    Arrays.setAll(requests, i -> json.request().getBytes(UTF_8));
    int outcomes = 0;
    for (int i = 0; i < 300_000; i++) {
      byte[] bytes;
      if (i % 4 == 0) {
        bytes = new byte[random.nextInt(40)];
        random.nextBytes(bytes);
      } else {
        bytes = json.damaged(requests[random.nextInt(requests.length)]);
      }
      outcomes |= outcome(bytes);
    }
    assertThat(outcomes).as("every outcome was met").isEqualTo(7);
  }

  private int outcome(byte[] bytes) {
    try {
      Decoded decoded = decoder.decode(bytes, 0, bytes.length);
      return decoded instanceof WireRequest ? 1 : decoded instanceof BadRequest ? 2 : 4;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("thrown at " + Arrays.toString(bytes), e);
    }
  }

  /** Compares the outcome, and the members of a request that is served; says whether it is. */
  private boolean check(byte[] bytes) {
    Decoded decoded = decoder.decode(bytes, 0, bytes.length);
    String shown = new String(bytes, UTF_8);
    if (!ReferenceParser.beginsAsObject(bytes)) {
      assertThat(decoded).as(shown).isEqualTo(NotAnObject.INSTANCE);
      return false;
    }
    Map<String, List<String>> members = ReferenceParser.parse(bytes);
    boolean broken =
        decoded instanceof BadRequest bad && bad.refusal().kind() == RefusalKind.BAD_JSON;
    assertThat(broken).as(shown).isEqualTo(members == null);
    if (members == null) {
      return false;
    }
    boolean served = decoded instanceof WireRequest;
    assertThat(served || isSeqTooLong(decoded)).as(shown).isEqualTo(isServed(members));
    Seq seq = served ? ((WireRequest) decoded).seq() : ((BadRequest) decoded).seq();
    if (served || seq.length() > 0) {
      assertThat(events(seq)).as(shown).isEqualTo(members.get("seq"));
    }
    if (decoded instanceof WireRequest request) {
      assertThat(rewritten(request)).as(shown).isEqualTo(plain(members));
    }
    return served;
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
    return (action.equals("get") || action.equals("create") || action.equals("monitor"))
        && isText(text(members, "rule_name", ""), "(?s).+", 255)
        && isText(text(members, "app_name", ""), "[^\\x00-\\x1f\\x7f-\\x9f]+", 255)
        && isText(text(members, "salt", "x"), "[^\\x00-\\x1f\\x7f-\\x9f]*", 64)
        && count.matches("VALUE_NUMBER:[1-9][0-9]*")
        && new BigInteger(count.substring("VALUE_NUMBER:".length())).bitLength() < 32;
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

  private static List<String> plain(Map<String, List<String>> members) {
    return List.of(
        text(members, "action", "").equals("monitor") ? "MONITOR" : "GET",
        text(members, "rule_name", ""),
        text(members, "app_name", ""),
        text(members, "salt", ""),
        members.getOrDefault("count", List.of("VALUE_NUMBER:0")).get(0));
  }
}
