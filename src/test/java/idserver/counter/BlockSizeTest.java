package idserver.counter;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockSizeTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long MAX = 1L << 22;

  private final BlockSize size = new BlockSize();

  @Test
  void beginsWithTheSmallestBlock() {
    assertThat(size.next(0, 0, 100, 0)).isEqualTo(100);
  }

  @Test
  void beginsWithWhatParkedRequestsNeed() {
    assertThat(size.next(0, 700, 100, 0)).isEqualTo(700);
    assertThat(size.next(0, MAX + 1, 100, 0)).isEqualTo(MAX);
  }

  @Test
  void growsToWhatIsUsedInTwoSeconds() {
    size.next(0, 0, 100, 0);
    size.begun(0);

    assertThat(size.next(50, 0, 100, SECOND / 4)).isEqualTo(400);
  }

  @Test
  void growsAtMostEightfoldAtOnce() {
    size.next(0, 0, 100, 0);
    size.begun(0);
    assertThat(size.next(100, 0, 100, 1)).isEqualTo(800);

    size.begun(1);
    assertThat(size.next(800, 0, 100, 2)).isEqualTo(6_400);
  }

  @Test
  void doesNotGrowBeyondItsMaximum() {
    long now = 0;
    for (int i = 0; i < 20; i++) {
      size.next(MAX, 0, 100, ++now);
      size.begun(now);
    }

    assertThat(size.next(MAX, 0, 100, now + 1)).isEqualTo(MAX);
  }

  @Test
  void batchSaveIsTheSmallestBlockEvenAboveThatMaximum() {
    int least = (int) MAX + 1;

    assertThat(size.next(0, 0, least, 0)).isEqualTo(least);
    assertThat(size.next(0, 0, least, SECOND)).isEqualTo(least);
  }

  @Test
  void aQuietCounterGoesBackByHalvesToTheSmallestBlock() {
    size.next(0, 0, 100, 0);
    size.begun(0);
    size.next(100, 0, 100, 1);
    size.begun(1);

    assertThat(size.next(1, 0, 100, 3_600 * SECOND)).isEqualTo(400);
    assertThat(size.next(1, 0, 100, 3_600 * SECOND)).isEqualTo(200);
    assertThat(size.next(1, 0, 100, 3_600 * SECOND)).isEqualTo(100);
    assertThat(size.next(1, 0, 100, 3_600 * SECOND)).isEqualTo(100);
  }

  @Test
  void aNanoClockThatStandsStillDoesNoHarm() {
    size.next(0, 0, 1, 5);
    size.begun(5);

    assertThat(size.next(1, 0, 1, 5)).isEqualTo(8);
  }
}
