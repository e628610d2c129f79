package idserver.client;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.client.ClientMetrics.State;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final long LONGEST = Duration.ofSeconds(5).toNanos();

  private final Health health = new Health(new Random(1));
  private long now = Long.MAX_VALUE - 1_000;

  @Test
  void isAskedLastForATimeThatGrowsToSomeSecondsAfterEachFailure() {
    long before = 0;
    for (int failure = 1; failure <= 20; failure++) {
      health.failed(now);
      long pause = pause();
      assertThat(pause).isBetween(Math.min(before, LONGEST / 2), LONGEST);
      before = pause / 2;
    }
    assertThat(before).isGreaterThan(LONGEST / 5);
  }

  /** Goes on until it may be asked again. */
  private long pause() {
    long began = now;
    while (!health.isWell(now)) {
      assertThat(health.state(now)).isEqualTo(State.BACKED_OFF);
      now += Duration.ofMillis(1).toNanos();
    }
    assertThat(health.state(now)).isEqualTo(State.PROBED);
    return now - began;
  }

  @Test
  void oneRequestAtATimeFindsOutWhetherItIsWellAgain() {
    health.failed(now);
    pause();

    assertThat(health.begin(now)).isTrue();
    assertThat(health.isWell(now)).isFalse();
    assertThat(health.begin(now)).isFalse();

    health.answered();
    assertThat(health.isWell(now)).isTrue();
    assertThat(health.state(now)).isEqualTo(State.WELL);
    assertThat(health.begin(now)).as("nothing to find out").isFalse();
  }

  @Test
  void aProbeThatEndsWithoutAWordLetsTheNextOneFindOut() {
    health.failed(now);
    pause();
    assertThat(health.begin(now)).isTrue();

    health.probeEnded();

    assertThat(health.begin(now)).isTrue();
  }

  @Test
  void manyFailuresAtOnceAreOne() {
    for (int i = 0; i < 100; i++) {
      health.failed(now);
    }
    assertThat(health.failures()).isEqualTo(1);
  }
}
