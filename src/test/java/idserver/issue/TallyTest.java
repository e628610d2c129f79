package idserver.issue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TallyTest {
  private final Tally tally = new Tally();

  @Test
  void countsWhatWasAnswered() {
    tally.issued(1, 1, 9_000);
    tally.issued(1, 20, 9_000);
    tally.counted();
    tally.refused(RefusalKind.UNKNOWN_RULE);

    Answered answered = tally.figures();
    assertThat(answered.served()).isEqualTo(2);
    assertThat(answered.ids()).isEqualTo(21);
    assertThat(answered.monitored()).isEqualTo(1);
    assertThat(answered.refused())
        .hasSize(RefusalKind.values().length)
        .containsEntry(RefusalKind.UNKNOWN_RULE, 1L)
        .containsEntry(RefusalKind.EXHAUSTED, 0L);
    assertThat(answered.allRefused()).isEqualTo(1);
  }

  @Test
  void tellsTheBoundBelowWhichAShareOfTheRequestsIs() {
    for (int i = 0; i < 99; i++) {
      tally.issued(1, 1, 20_000);
    }
    tally.issued(1, 1, 3_000_000);

    Latencies latencies = tally.figures().latencies();
    assertThat(latencies.count()).isEqualTo(100);
    assertThat(latencies.sumNanos()).isEqualTo(99 * 20_000 + 3_000_000);
    assertThat(latencies.quantileNanos(0.5)).isEqualTo(25_000);
    assertThat(latencies.quantileNanos(0.99)).isEqualTo(25_000);
    assertThat(latencies.quantileNanos(1)).isEqualTo(5_000_000);
  }

  @Test
  void tellsOfARequestAboveEveryBound() {
    tally.issued(1, 1, 60_000_000_000L);
    assertThat(tally.figures().latencies().quantileNanos(0.5)).isEqualTo(5_000_000_000L);
  }

  @Test
  void tellsNoLatencyWhereNothingWasServed() {
    assertThat(Answered.NOTHING.latencies().quantileNanos(0.99)).isZero();
  }

  @Test
  void tellsWhatHasComeSince() {
    tally.issued(1, 5, 1);
    Answered earlier = tally.figures();
    tally.issued(1, 3, 20_000);
    tally.refused(RefusalKind.TOO_MANY);

    Answered since = tally.figures().since(earlier);
    assertThat(since.ids()).isEqualTo(3);
    assertThat(since.allRefused()).isEqualTo(1);
    assertThat(since.latencies().quantileNanos(0.5)).isEqualTo(25_000);
    assertThat(earlier.plus(since)).isEqualTo(tally.figures());
  }
}
