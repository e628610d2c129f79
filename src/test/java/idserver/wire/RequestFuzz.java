package idserver.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.rule.Ids;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Any bytes as a request: nothing is thrown, the reference parser agrees, and each answer to it is
 * JSON that ends with the {@code seq} as it was sent and keeps to its limit.
 */
public final class RequestFuzz {
  private static final RequestDecoder DECODER = new RequestDecoder();
  private static final int LARGEST = 1400;

  private RequestFuzz() {}

  /** Called by the fuzzer, with one input after the other. */
  public static void fuzzerTestOneInput(byte[] request) {
    Comparison.agree(DECODER, request);
    Decoded decoded = DECODER.decode(request, 0, request.length);
    if (decoded instanceof RepeatableRequest named) {
      decoded = named.request();
    } else if (decoded instanceof DatedWireRequest dated) {
      decoded = dated.request();
    } else if (decoded instanceof SettleWireRequest settle) {
      decoded = settle.request();
    }
    if (decoded instanceof WireRequest wanted) {
      checkAnswer(
          AnswerEncoder.one(Ids.of(List.of(wanted.salt() + "1")), wanted.seq()), wanted.seq());
      checkAnswer(AnswerEncoder.monitor(wanted.count(), 1, wanted.seq()), wanted.seq());
      checkLimit(new Refusal(RefusalKind.RULE_ERROR, wanted.key().app()), wanted.seq(), request);
    } else if (decoded instanceof BadRequest bad) {
      checkAnswer(AnswerEncoder.refused(bad.refusal(), bad.seq()), bad.seq());
      checkLimit(bad.refusal(), bad.seq(), request);
    }
  }

  /** Over UDP an error is not longer than its request. */
  private static void checkLimit(Refusal refusal, Seq seq, byte[] request) {
    byte[] into = new byte[LARGEST];
    int limit = Math.min(request.length, LARGEST);
    int length = AnswerEncoder.refused(refusal, seq, into, 0, limit);
    if (length > limit) {
      throw new AssertionError("an error of " + length + " bytes where " + limit + " may be");
    }
    if (length > 0) {
      checkAnswer(Arrays.copyOf(into, length), seq);
    }
  }

  private static void checkAnswer(byte[] answer, Seq seq) {
    String text = new String(answer, UTF_8);
    Map<String, List<String>> members = ReferenceParser.parse(answer);
    if (members == null || members.containsKey("seq") != seq.length() > 0) {
      throw new AssertionError("no answer: " + text);
    }
    if (seq.length() > 0 && !text.endsWith(",\"seq\":" + seq + "}")) {
      throw new AssertionError("another seq than " + seq + ": " + text);
    }
  }
}
