package idserver.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleResourceTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gzip",
        "gzip, deflate, br, zstd",
        "br,GZIP",
        "deflate , gzip;q=0.5",
        "gzip; q=1.0, identity; q=0.5",
      })
  void compressesForWhoTakesIt(String encodings) {
    assertThat(ConsoleResource.takesGzip(encodings)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "br", "identity", "gzip;q=0", "gzip; q=0.000 , br", "gzipped"})
  void doesNotCompressForWhoDoesNot(String encodings) {
    assertThat(ConsoleResource.takesGzip(encodings)).isFalse();
  }

  @Test
  void doesNotCompressForWhoDoesNotSay() {
    assertThat(ConsoleResource.takesGzip(null)).isFalse();
  }
}
