package idserver.metrics;

import idserver.issue.Latencies;
import java.util.Map;

/**
 * Writes the text format of Prometheus, version 0.0.4: a metric with its help, then its samples.
 * Confined to one thread.
 */
final class PrometheusText {
  private static final double NANOS = 1e9;

  private final StringBuilder text = new StringBuilder(16 * 1024);
  private String name = "";

  /** Begins a metric that only rises; its name ends in {@code _total}. */
  PrometheusText counter(String name, String help) {
    return begin(name, "counter", help);
  }

  /** Begins a metric that rises and falls. */
  PrometheusText gauge(String name, String help) {
    return begin(name, "gauge", help);
  }

  /** Begins a metric of which there are so many, and all of them together. */
  PrometheusText summary(String name, String help) {
    return begin(name, "summary", help);
  }

  /** Begins a metric in buckets; its name ends in {@code _seconds}. */
  PrometheusText histogram(String name, String help) {
    return begin(name, "histogram", help);
  }

  private PrometheusText begin(String metric, String type, String help) {
    name = metric;
    text.append("# HELP ").append(metric).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(metric).append(' ').append(type).append('\n');
    return this;
  }

  PrometheusText is(long value) {
    return is(Map.of(), value);
  }

  PrometheusText is(double value) {
    return sample("", Map.of(), Double.toString(value));
  }

  PrometheusText is(boolean value) {
    return is(value ? 1 : 0);
  }

  /** A sample with labels. */
  PrometheusText is(Map<String, String> labels, long value) {
    return sample("", labels, Long.toString(value));
  }

  /** The samples of a summary, in seconds. */
  PrometheusText are(Map<String, String> labels, long count, double sumSeconds) {
    return sample("_sum", labels, Double.toString(sumSeconds))
        .sample("_count", labels, Long.toString(count));
  }

  /** The samples of a histogram whose only label is that one. */
  PrometheusText are(String label, String value, Latencies latencies) {
    long seen = 0;
    for (int place = 0; place < latencies.buckets().size(); place++) {
      seen += latencies.buckets().get(place);
      boolean last = place == Latencies.BOUNDS_NANOS.size();
      String bound = last ? "+Inf" : Double.toString(Latencies.BOUNDS_NANOS.get(place) / NANOS);
      text.append(name).append("_bucket{");
      label(label, value);
      text.append(',');
      label("le", bound);
      text.append("} ").append(seen).append('\n');
    }
    return are(Map.of(label, value), seen, latencies.sumNanos() / NANOS);
  }

  private PrometheusText sample(String suffix, Map<String, String> labels, String value) {
    text.append(name).append(suffix);
    char before = '{';
    for (Map.Entry<String, String> label : labels.entrySet()) {
      text.append(before);
      label(label.getKey(), label.getValue());
      before = ',';
    }
    if (before == ',') {
      text.append('}');
    }
    text.append(' ').append(value).append('\n');
    return this;
  }

  private void label(String label, String value) {
    text.append(label).append("=\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\n') {
        text.append("\\n");
      } else {
        text.append(c == '"' || c == '\\' ? "\\" : "").append(c);
      }
    }
    text.append('"');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
