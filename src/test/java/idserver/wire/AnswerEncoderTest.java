package idserver.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.rule.Ids;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AnswerEncoderTest {
  private static final Seq SEQ = Seq.of("{\"a\": 1}");
  private static final Refusal UNKNOWN_RULE = new Refusal(RefusalKind.UNKNOWN_RULE, "no \"x\"");

  @Test
  void answersOneId() {
    assertThat(text(AnswerEncoder.one(ids("505140001"), Seq.NONE)))
        .isEqualTo("{\"code\":0,\"message\":\"success\",\"data\":\"505140001\"}");
    assertThat(text(AnswerEncoder.one(ids("505140001"), SEQ)))
        .isEqualTo(
            "{\"code\":0,\"message\":\"success\",\"data\":\"505140001\",\"seq\":{\"a\": 1}}");
  }

  @Test
  void answersAListOfIds() {
    assertThat(text(AnswerEncoder.many(ids("a", "b"), SEQ)))
        .isEqualTo(
            "{\"code\":0,\"message\":\"success\",\"data\":[\"a\",\"b\"],\"seq\":{\"a\": 1}}");
    assertThat(text(AnswerEncoder.many(ids("a"), Seq.NONE)))
        .isEqualTo("{\"code\":0,\"message\":\"success\",\"data\":[\"a\"]}");
    assertThat(text(AnswerEncoder.many(ids(), Seq.NONE)))
        .isEqualTo("{\"code\":0,\"message\":\"success\",\"data\":[]}");
  }

  @Test
  void answersMonitor() {
    assertThat(text(AnswerEncoder.monitor(3, 1, Seq.NONE)))
        .isEqualTo("{\"code\":0,\"message\":\"ok\",\"data\":{\"counter\":3,\"node_offset\":1}}");
    assertThat(text(AnswerEncoder.monitor(Long.MIN_VALUE, Long.MAX_VALUE, Seq.of("null"))))
        .isEqualTo(
            "{\"code\":0,\"message\":\"ok\",\"data\":{\"counter\":-9223372036854775808,"
                + "\"node_offset\":9223372036854775807},\"seq\":null}");
  }

  @Test
  void answersThatItIsDone() {
    assertThat(text(AnswerEncoder.done(Seq.NONE))).isEqualTo("{\"code\":0,\"message\":\"ok\"}");
    assertThat(text(AnswerEncoder.done(Seq.of("7"))))
        .isEqualTo("{\"code\":0,\"message\":\"ok\",\"seq\":7}");
    assertThat(AnswerEncoder.done(Seq.NONE, new byte[40], 0, 24)).isZero();
    assertThat(AnswerEncoder.done(Seq.NONE, new byte[40], 0, 25)).isEqualTo(25);
  }

  @ParameterizedTest
  @EnumSource
  void answersEveryRefusalWithItsCode(RefusalKind kind) {
    assertThat(text(AnswerEncoder.refused(new Refusal(kind, "why"), Seq.of("7"))))
        .isEqualTo(
            "{\"code\":%d,\"error\":\"%s\",\"message\":\"why\",\"seq\":7}"
                .formatted(kind.code(), kind));
  }

  @Test
  void escapesWhatJsonWantsEscapedAndNothingElse() {
    assertThat(data("\"\\/'\u007f\u0085\u2028")).isEqualTo("\\\"\\\\/'\u007f\u0085\u2028");
    assertThat(data("\u0000\n\u001f")).isEqualTo("\\u0000\\u000a\\u001f");
    assertThat(data("\u00e9\u07ff\u0800\uffff")).isEqualTo("\u00e9\u07ff\u0800\uffff");
    assertThat(data("\ud800\udc00\udbff\udfff")).isEqualTo("\ud800\udc00\udbff\udfff");
    assertThat(data("\ud800")).isEqualTo("\\ud800");
    assertThat(data("a\udfffb")).isEqualTo("a\\udfffb");
    assertThat(data("\udc00\ud800")).isEqualTo("\\udc00\\ud800");
  }

  @Test
  void writesInPlaceAndNothingBesideIt() {
    byte[] into = "#".repeat(100).getBytes(UTF_8);
    int size = AnswerEncoder.one(ids("a\""), SEQ).length;

    assertThat(AnswerEncoder.one(ids("a\""), SEQ, into, 5, size)).isEqualTo(size);
    assertThat(text(into))
        .isEqualTo("#####" + text(AnswerEncoder.one(ids("a\""), SEQ)) + "#".repeat(100 - 5 - size));
  }

  @Test
  void writesNothingWhereItDoesNotFit() {
    byte[] into = "#".repeat(200).getBytes(UTF_8);
    Ids ids = ids("a", "b");
    int one = AnswerEncoder.one(ids("a"), SEQ).length;
    int many = AnswerEncoder.many(ids, SEQ).length;
    int monitor = AnswerEncoder.monitor(3, 1, SEQ).length;

    assertThat(AnswerEncoder.one(ids("a"), SEQ, into, 3, one - 1)).isZero();
    assertThat(AnswerEncoder.many(ids, SEQ, into, 3, many - 1)).isZero();
    assertThat(AnswerEncoder.monitor(3, 1, SEQ, into, 3, monitor - 1)).isZero();
    assertThat(AnswerEncoder.refused(UNKNOWN_RULE, SEQ, into, 3, 10)).isZero();
    assertThat(text(into)).isEqualTo("#".repeat(200));

    assertThat(AnswerEncoder.one(ids("a"), SEQ, into, 3, one)).isEqualTo(one);
    assertThat(AnswerEncoder.many(ids, SEQ, into, 3, many)).isEqualTo(many);
    assertThat(AnswerEncoder.monitor(3, 1, SEQ, into, 3, monitor)).isEqualTo(monitor);
  }

  @Test
  void refusesALimitBeyondTheBuffer() {
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> AnswerEncoder.one(ids("a"), SEQ, new byte[100], 50, 51));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      delimiter = '|',
      textBlock =
          """
          200 | {"code":404,"error":"UNKNOWN_RULE","message":"no \\"x\\"","seq":7}
          64  | {"code":404,"error":"UNKNOWN_RULE","message":"no \\"x\\"","seq":7}
          63  | {"code":404,"error":"UNKNOWN_RULE","message":"no \\"x","seq":7}
          62  | {"code":404,"error":"UNKNOWN_RULE","message":"no \\"x","seq":7}
          61  | {"code":404,"error":"UNKNOWN_RULE","message":"no \\"","seq":7}
          60  | {"code":404,"error":"UNKNOWN_RULE","message":"no ","seq":7}
          56  | {"code":404,"error":"UNKNOWN_RULE","message":"","seq":7}
          55  | {"code":404,"error":"UNKNOWN_RULE","seq":7}
          43  | {"code":404,"error":"UNKNOWN_RULE","seq":7}
          """)
  void cutsOnlyTheMessageOfARefusal(int limit, String expected) {
    byte[] into = new byte[200];
    int length = AnswerEncoder.refused(UNKNOWN_RULE, Seq.of("7"), into, 0, limit);

    assertThat(new String(into, 0, length, UTF_8)).isEqualTo(expected);
  }

  @Test
  void refusesInSilenceWhereCodeErrorAndSeqDoNotFit() {
    byte[] into = new byte[200];

    assertThat(AnswerEncoder.refused(UNKNOWN_RULE, Seq.of("7"), into, 0, 42)).isZero();
    assertThat(AnswerEncoder.refused(UNKNOWN_RULE, Seq.NONE, into, 0, 35)).isEqualTo(35);
    assertThat(AnswerEncoder.refused(UNKNOWN_RULE, Seq.NONE, into, 0, 34)).isZero();
    assertThat(AnswerEncoder.refused(UNKNOWN_RULE, Seq.NONE, into, 0, 0)).isZero();
    assertThat(into).startsWith("{\"code\":404,\"error\":\"UNKNOWN_RULE\"}".getBytes(UTF_8));
  }

  @Test
  void saysHowManyIdsFit() {
    for (int idBytes : new int[] {1, 9, 36, 256, 1400}) {
      for (Seq seq : new Seq[] {Seq.NONE, SEQ}) {
        for (int limit = 0; limit <= 1400; limit++) {
          int most = AnswerEncoder.mostIdsOf(idBytes, seq, limit);
          String id = "x".repeat(idBytes);
          if (most > 0) {
            assertThat(AnswerEncoder.many(Ids.of(Collections.nCopies(most, id)), seq).length)
                .isLessThanOrEqualTo(limit);
          }
          assertThat(AnswerEncoder.many(Ids.of(Collections.nCopies(most + 1, id)), seq).length)
              .isGreaterThan(limit);
        }
      }
    }
  }

  @Test
  void escapesTheQuotesAndBackslashesOfIds() {
    Ids ids = ids("a\"b\\", "\u00e9\u20ac\ud83d\ude00", "c");
    assertThat(text(AnswerEncoder.many(ids, Seq.NONE)))
        .endsWith("[\"a\\\"b\\\\\",\"\u00e9\u20ac\ud83d\ude00\",\"c\"]}");
  }

  private static Ids ids(String... ids) {
    return Ids.of(List.of(ids));
  }

  /** A text as an answer has it between quotes. */
  private static String data(String told) {
    String answer =
        text(AnswerEncoder.refused(new Refusal(RefusalKind.UNKNOWN_RULE, told), Seq.NONE));
    return answer.substring(
        "{\"code\":404,\"error\":\"UNKNOWN_RULE\",\"message\":\"".length(), answer.length() - 2);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }
}
