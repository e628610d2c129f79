package idserver.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeqTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "true",
        "0",
        "-0",
        "1e999999999",
        "12345678901234567890123456789012345678901234567890",
        "\"a\\u0000\\ud800\"",
        "\"\u00e9\ud83d\ude00\"",
        "[]",
        "{ \"a\" : [ 1, null ] }"
      })
  void keepsAnyJsonValueAsItIsWritten(String json) {
    Seq seq = Seq.of(json);
    byte[] into = new byte[100];

    assertThat(seq).hasToString(json);
    assertThat(seq.length()).isEqualTo(json.getBytes(UTF_8).length);
    assertThat(seq.writeTo(into, 10)).isEqualTo(10 + seq.length());
    assertThat(new String(into, 10, seq.length(), UTF_8)).isEqualTo(json);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a",
        "01",
        "1 2",
        " 1",
        "1 ",
        "[1",
        "'a'",
        "\"\n\"",
        "\"\ud800\"",
        "1,2",
        "}"
      })
  void refusesWhatIsNotOneValue(String json) {
    assertThat(Members.checkSeq(json)).isNotNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Seq.of(json))
        .withMessageStartingWith("seq ");
  }

  @Test
  void mayTakeSixtyFourBytes() {
    assertThat(Seq.of("[".repeat(32) + "]".repeat(32)).length()).isEqualTo(64);
    assertThat(Seq.of("\"" + "\u00e9".repeat(31) + "\"").length()).isEqualTo(64);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Seq.of("1".repeat(65)))
        .withMessage("seq is longer than 64 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Seq.of("\"" + "\u00e9".repeat(31) + "a\""))
        .withMessage("seq is longer than 64 bytes");
  }

  @Test
  void isEqualByItsBytesOnly() {
    assertThat(Seq.of("1")).isEqualTo(Seq.of("1")).hasSameHashCodeAs(Seq.of("1"));
    assertThat(Seq.of("1")).isNotEqualTo(Seq.of("1.0"));
    assertThat(Seq.of("null")).isNotEqualTo(Seq.NONE);
    assertThat(Seq.NONE.length()).isZero();
  }
}
