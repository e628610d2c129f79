package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import idserver.testing.Folders;
import idserver.testing.Outcome;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What Prometheus gets, and whether the files for it are right. Where {@code promtool} is missing
 * (Debian: prometheus), what needs it is skipped.
 */
@ExtendWith(RunningServer.class)
class MetricsIT {
  private static final Pattern NAME = Pattern.compile("\\b(id_server|jvm|process)_[a-z_]+");
  private static final Pattern SELECTOR =
      Pattern.compile("\\b((?:id_server|jvm|process)_[a-z_]+)\\{([^}]*)}");
  private static final Pattern LABEL = Pattern.compile("\\w+=\"[^\"$]+\"");
  private static final Path ALERTS = Path.of("deploy", "prometheus_alerts.yml");
  private static final Path ALERTS_TEST =
      Path.of("src", "test", "resources", "idserver", "it", "prometheus_alerts_test.yml");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Server server;

  MetricsIT(Server server) {
    this.server = server;
  }

  @Test
  void countsWhatIsAnswered() throws Exception {
    double before = sample("id_server_ids_issued_total{transport=\"udp\"}");
    double refused = sample(refusals("http", "UNKNOWN_RULE"));
    double quick = sample("id_server_request_duration_seconds_count{transport=\"udp\"}");

    load();

    assertThat(sample("id_server_ids_issued_total{transport=\"udp\"}") - before)
        .isGreaterThanOrEqualTo(13);
    assertThat(sample("id_server_request_duration_seconds_count{transport=\"udp\"}") - quick)
        .isGreaterThanOrEqualTo(11);
    assertThat(sample(refusals("http", "UNKNOWN_RULE")) - refused).isGreaterThanOrEqualTo(1);
    assertThat(sample("id_server_ready")).isEqualTo(1);
    assertThat(sample("id_server_blocks_reserved_total")).isPositive();
    assertThat(sample("id_server_reservation_duration_seconds_sum")).isPositive();
    assertThat(sample("id_server_database_errors_total")).isNotNegative();
  }

  @Test
  void countsTheReloadsThatWereRefused() throws Exception {
    double refused = sample("id_server_reloads_total{result=\"refused\"}");
    double done = sample("id_server_reloads_total{result=\"done\"}");

    assertThat(server.control("reload").exitCode()).isZero();
    assertThat(server.control("jmx", "rollback").exitCode()).isZero();

    assertThat(sample("id_server_reloads_total{result=\"done\"}")).isEqualTo(done + 2);
    assertThat(sample("id_server_reloads_total{result=\"refused\"}")).isEqualTo(refused);
  }

  private static String refusals(String transport, String reason) {
    return "id_server_requests_refused_total{reason=\"%s\",transport=\"%s\"}"
        .formatted(reason, transport);
  }

  @Test
  void tellsHowManyCountersOfARuleAreNearTheirEnd() throws Exception {
    String exhausted = "id_server_counters_used{at_least=\"1.0\",rule=\"few\"}";
    double before = sample(exhausted);
    try (UdpClient client = server.udp()) {
      for (int i = 0; i < 3; i++) {
        client.id("few", "near its end");
      }
    }

    assertThat(sample(exhausted)).isEqualTo(before + 1);
    assertThat(sample("id_server_counters_used{at_least=\"0.5\",rule=\"few\"}"))
        .isGreaterThanOrEqualTo(before + 1);
    assertThat(sample("id_server_counters_near_end{rule=\"few\"}"))
        .isGreaterThanOrEqualTo(before + 1);
    assertThat(metrics()).doesNotContain("near its end");
  }

  @Test
  void passPromtool() throws Exception {
    needsPromtool();
    load();
    Path file = Folders.fresh("MetricsIT").resolve("metrics.txt");
    Files.writeString(file, metrics());

    Outcome outcome =
        Outcome.of(
            new ProcessBuilder("promtool", "check", "metrics").redirectInput(file.toFile()), LIMIT);

    assertThat(outcome.text()).isEmpty();
    assertThat(outcome.exitCode()).isZero();
  }

  @Test
  void hasAlertRulesThatPassPromtool() throws Exception {
    needsPromtool();

    Outcome outcome =
        Outcome.of(new ProcessBuilder("promtool", "check", "rules", ALERTS.toString()), LIMIT);

    assertThat(outcome.exitCode()).as(outcome.text()).isZero();
  }

  @Test
  void hasAlertRulesThatFireWhenTheyShouldAndNotElse() throws Exception {
    needsPromtool();

    Outcome outcome =
        Outcome.of(new ProcessBuilder("promtool", "test", "rules", ALERTS_TEST.toString()), LIMIT);

    assertThat(outcome.exitCode()).as(outcome.text()).isZero();
  }

  @Test
  void hasEveryMetricOfTheAlertRules() throws Exception {
    String expressions =
        Files.readString(ALERTS)
            .lines()
            .filter(line -> line.strip().startsWith("expr:"))
            .collect(Collectors.joining("\n"))
            .replace("job=\"id_server\"", "");

    assertThat(names(expressions)).isNotEmpty().isSubsetOf(samples());
    assertThat(labels(expressions)).isNotEmpty().allSatisfy(this::assertSampled);
  }

  @Test
  void hasEveryMetricOfTheDashboard() throws Exception {
    try (JsonReader reader =
        Json.createReader(Files.newBufferedReader(Path.of("deploy", "grafana.json")))) {
      JsonObject dashboard = reader.readObject();
      String expressions =
          dashboard.getJsonArray("panels").stream()
              .map(JsonValue::asJsonObject)
              .filter(panel -> panel.containsKey("targets"))
              .flatMap(panel -> panel.getJsonArray("targets").stream())
              .map(target -> target.asJsonObject().getString("expr"))
              .collect(Collectors.joining("\n"));

      assertThat(names(expressions)).isNotEmpty().isSubsetOf(samples());
      assertThat(labels(expressions)).isNotEmpty().allSatisfy(this::assertSampled);
    }
  }

  @Test
  void areAllInTheTableOfTheDocumentation() throws Exception {
    String page = Files.readString(Path.of("src", "docs", "operations.md"));
    Set<String> metrics =
        metrics()
            .lines()
            .filter(line -> line.startsWith("# TYPE "))
            .map(line -> line.split(" ", -1)[2])
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(names(page)).containsAll(metrics);
  }

  @Test
  void answersLiveReadyAndStarted() throws Exception {
    for (String path : new String[] {"/health/live", "/health/ready", "/health/started"}) {
      Rest.Reply reply = server.rest().get(path);

      assertThat(reply.status()).as(path).isEqualTo(200);
      try (JsonReader reader = Json.createReader(new StringReader(reply.body()))) {
        assertThat(reader.readObject().getJsonArray("checks"))
            .as(path)
            .extracting(check -> check.asJsonObject().getString("status"))
            .containsOnly("UP");
      }
    }
  }

  /** Something of everything. */
  private void load() throws IOException {
    try (UdpClient client = server.udp()) {
      for (int i = 0; i < 10; i++) {
        client.id("dated", "metrics");
      }
      client.insist(UdpClient.request("get", "dated", "metrics", 1).replace("}", ",\"count\":3}"));
      client.monitor("dated", "metrics");
      client.ask(UdpClient.request("get", "no such rule", "metrics", 1));
    }
    Rest rest = server.rest();
    rest.post("/ids/dated/metrics");
    rest.post("/ids/nobody/metrics");
  }

  private double sample(String name) throws IOException {
    return metrics()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no sample " + name));
  }

  /** The names of the samples. */
  private Set<String> samples() throws IOException {
    return metrics()
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("[{ ]", 2)[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String metrics() throws IOException {
    Rest.Reply reply = server.rest().get("/metrics");
    assertThat(reply.status()).isEqualTo(200);
    return reply.body();
  }

  private static Set<String> names(String text) {
    return NAME.matcher(text)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What is asked for by name and one label, without those of an instance. */
  private static Set<Labelled> labels(String expressions) {
    Set<Labelled> labels = new HashSet<>();
    for (MatchResult selector : SELECTOR.matcher(expressions).results().toList()) {
      for (MatchResult label : LABEL.matcher(selector.group(2)).results().toList()) {
        labels.add(new Labelled(selector.group(1), label.group()));
      }
    }
    return labels;
  }

  private record Labelled(String name, String label) {}

  /** An alert that asks for a value which no sample has would never fire. */
  private void assertSampled(Labelled wanted) throws IOException {
    assertThat(metrics().lines())
        .anyMatch(line -> line.startsWith(wanted.name + "{") && line.contains(wanted.label));
  }

  private static void needsPromtool() {
    boolean there =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "promtool")));
    assumeThat(there).as("skipped without promtool (Debian: prometheus)").isTrue();
  }
}
