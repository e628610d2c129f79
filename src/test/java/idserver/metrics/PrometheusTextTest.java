package idserver.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.issue.RefusalKind;
import idserver.issue.Tally;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
  private final PrometheusText text = new PrometheusText();

  @Test
  void writesHelpTypeAndSample() {
    text.counter("ids_total", "Ids.").is(3);

    assertThat(text)
        .hasToString(
            """
            # HELP ids_total Ids.
            # TYPE ids_total counter
            ids_total 3
            """);
  }

  @Test
  void writesWholeNumbersExactlyAndOthersAsTheyAre() {
    text.gauge("a", "A.").is(Long.MAX_VALUE).is(0.25).is(true);

    assertThat(text.toString()).contains("a 9223372036854775807\n", "a 0.25\n", "a 1\n");
  }

  @Test
  void escapesWhatALabelMayNotHold() {
    text.gauge("a", "A.").is(Map.of("rule", "a\"b\\c\nd"), 1);

    assertThat(text.toString()).contains("a{rule=\"a\\\"b\\\\c\\nd\"} 1\n");
  }

  @Test
  void addsTheBucketsOfAHistogramUp() {
    Tally tally = new Tally();
    tally.issued(1, 1, 9_000);
    tally.issued(1, 1, 20_000);
    tally.issued(1, 1, 3_000_000_000L);
    tally.refused(RefusalKind.BAD_JSON);

    text.histogram("d_seconds", "D.").are("transport", "udp", tally.figures().latencies());

    assertThat(text.toString())
        .contains(
            "d_seconds_bucket{transport=\"udp\",le=\"1.0E-5\"} 1\n",
            "d_seconds_bucket{transport=\"udp\",le=\"2.5E-5\"} 2\n",
            "d_seconds_bucket{transport=\"udp\",le=\"2.5\"} 2\n",
            "d_seconds_bucket{transport=\"udp\",le=\"+Inf\"} 3\n",
            "d_seconds_sum{transport=\"udp\"} 3.000029\n",
            "d_seconds_count{transport=\"udp\"} 3\n");
  }
}
