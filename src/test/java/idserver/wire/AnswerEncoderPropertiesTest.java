package idserver.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.rule.Ids;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import java.io.StringReader;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AnswerEncoderPropertiesTest {
  @ParameterizedTest(name = "seed {0}")
  @MethodSource("idserver.wire.Seeds#seeds")
  void everyAnswerParsesToWhatWasPutIn(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    RandomJson json = new RandomJson(random);
    for (int i = 0; i < 1_500; i++) {
      Seq seq = seq(json);
      String id = id(json.text(20));
      List<String> ids = Stream.generate(() -> id(json.text(9))).limit(random.nextInt(5)).toList();
      long counter = random.nextLong() >> random.nextInt(64);

      JsonObject one = parse(AnswerEncoder.one(Ids.of(List.of(id)), seq), seq);
      assertThat(one.getInt("code")).isZero();
      assertThat(one.getString("message")).isEqualTo("success");
      assertThat(one.getString("data")).isEqualTo(id);

      JsonObject many = parse(AnswerEncoder.many(Ids.of(ids), seq), seq);
      assertThat(many.getJsonArray("data").getValuesAs(JsonString::getString)).isEqualTo(ids);

      JsonObject monitor = parse(AnswerEncoder.monitor(counter, -counter, seq), seq);
      JsonObject data = monitor.getJsonObject("data");
      assertThat(data.getJsonNumber("counter").longValueExact()).isEqualTo(counter);
      assertThat(data.getJsonNumber("node_offset").longValueExact()).isEqualTo(-counter);

      Refusal refusal = refusal(random, json);
      JsonObject refused = parse(AnswerEncoder.refused(refusal, seq), seq);
      assertThat(refused.getInt("code")).isEqualTo(refusal.kind().code());
      assertThat(refused.getString("error")).isEqualTo(refusal.kind().name());
      assertThat(refused.getString("message")).isEqualTo(refusal.message());
    }
  }

  /** As ids are: UTF-8 without control characters. */
  private static String id(String text) {
    return new String(text.getBytes(UTF_8), UTF_8).replaceAll("\\p{Cntrl}", "-");
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("idserver.wire.Seeds#seeds")
  void everyRefusalKeepsToItsLimit(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    RandomJson json = new RandomJson(random);
    byte[] into = new byte[500];
    for (int i = 0; i < 5_000; i++) {
      Seq seq = seq(json);
      Refusal refusal = refusal(random, json);
      int offset = random.nextInt(100);
      int limit = random.nextInt(200);
      Arrays.fill(into, (byte) '#');

      int length = AnswerEncoder.refused(refusal, seq, into, offset, limit);

      assertThat(length).isLessThanOrEqualTo(limit);
      byte[] untouched = into.clone();
      Arrays.fill(untouched, offset, offset + length, (byte) '#');
      assertThat(new String(untouched, UTF_8)).isEqualTo("#".repeat(into.length));
      if (length > 0) {
        byte[] answer = Arrays.copyOfRange(into, offset, offset + length);
        String message = parse(answer, seq).getString("message", "");
        assertThat(refusal.message()).startsWith(message);
      }
    }
  }

  private static Refusal refusal(RandomGenerator random, RandomJson json) {
    RefusalKind[] kinds = RefusalKind.values();
    return new Refusal(kinds[random.nextInt(kinds.length)], json.text(40));
  }

  private static Seq seq(RandomJson json) {
    String written = json.value(2);
    return written.isEmpty() || Members.checkSeq(written) != null ? Seq.NONE : Seq.of(written);
  }

  /** Parses the bytes, which must be UTF-8 without replacements, and checks the seq. */
  private static JsonObject parse(byte[] answer, Seq seq) {
    String text = new String(answer, UTF_8);
    assertThat(text.getBytes(UTF_8)).isEqualTo(answer);
    if (seq.length() > 0) {
      assertThat(text).endsWith(",\"seq\":" + seq + "}");
    }
    assertThat(ReferenceParser.parse(answer)).as(text).isNotNull();
    try (JsonReader reader = Json.createReader(new StringReader(text))) {
      JsonObject object = reader.readObject();
      assertThat(object.containsKey("seq")).isEqualTo(seq.length() > 0);
      return object;
    }
  }
}
