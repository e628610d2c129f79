package idserver.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
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
      served += Comparison.agree(decoder, json.request().getBytes(UTF_8)) ? 1 : 0;
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
      Comparison.agree(decoder, damaged);
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
      return decoded instanceof WireRequest
              || decoded instanceof RepeatableRequest
              || decoded instanceof DatedWireRequest
              || decoded instanceof SettleWireRequest
          ? 1
          : decoded instanceof BadRequest ? 2 : 4;
    } catch (RuntimeException | StackOverflowError e) {
      throw new AssertionError("thrown at " + Arrays.toString(bytes), e);
    }
  }
}
