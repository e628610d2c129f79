package idserver.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SipHashTest {
  /** The bytes 0 to 7 with the key of the bytes 0 to 15, from the authors' table of results. */
  @Test
  void answersAsItsAuthorsDo() {
    assertThat(SipHash.of(0x0706050403020100L, 0x0f0e0d0c0b0a0908L, 0x0706050403020100L))
        .isEqualTo(0x93f5f5799a932462L);
  }
}
