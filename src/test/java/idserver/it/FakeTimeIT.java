package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import idserver.testing.MariaDb;
import idserver.testing.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A server that is killed and started again with its machine's clock set back, by an hour and by a
 * day, issues no id twice and none below an earlier one, and answers at once. The clock is
 * libfaketime's, for the server's process alone.
 */
class FakeTimeIT {
  private static final List<String> LAYOUTS = List.of("classic", "ordered", "spill");
  private static final int BATCHES = 20;
  private static final int BATCH = 20;

  private final Map<String, List<Long>> timeIds = new LinkedHashMap<>();
  private final List<String> dated = new ArrayList<>();

  @Test
  void aClockSetBackBeforeTheStartCostsNoDuplicateAndNoWait() throws Exception {
    Optional<Path> library = FakeTime.library();
    assumeTrue(
        library.isPresent(),
        "skipped: no libfaketime here (Debian: apt-get install libfaketime); the clock cannot be"
            + " set back");
    Settings settings =
        Settings.of("data/1")
            .nodes(2, 1)
            .timeRule("classic", "classic", "2020-01-01")
            .timeRule("ordered", "ordered", "2020-01-01")
            .timeRule("spill", "spill", "2020-01-01")
            .rule("dated", "dated.lua", 100);
    try (Server server =
        Installation.fresh("FakeTimeIT")
            .rule("dated.lua", Installation.resource("dated.lua"))
            .server(1, settings)) {
      for (Duration back : List.of(Duration.ZERO, Duration.ofHours(1), Duration.ofDays(1))) {
        server.environment(FakeTime.environment(library.orElseThrow(), back));
        server.start();
        assertClockIsBack(server, back);
        takeIds(server);
        tellDateOfANewCounter(server, back);
        server.kill();
      }
    }
    timeIds.forEach(TimeIdIT::assertSound);
    assertThat(dated).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void aClockFarAheadOfTheDatabasesRefusesTheStart() throws Exception {
    Optional<Path> library = FakeTime.library();
    assumeTrue(library.isPresent(), "skipped: no libfaketime here");
    Duration ahead = Duration.ofHours(-1);
    try (MariaDb database = MariaDb.fresh("FakeTimeIT-database");
        Server server =
            Installation.fresh("FakeTimeIT-ahead")
                .rule("dated.lua", Installation.resource("dated.lua"))
                .server(1, Settings.of("data/1").on(database).rule("dated", "dated.lua", 100))) {
      server.environment(FakeTime.environment(library.orElseThrow(), ahead));
      Outcome refused = server.control("start");

      assertThat(refused.exitCode()).isNotZero();
      assertThat(refused.err())
          .containsPattern("The clock of this machine is 3[56]\\d\\d s ahead of the database's")
          .doesNotContain("Exception");
      // and holds the offset no more
      server.environment(Map.of());
      server.start();
      server.stop();
    }
  }

  /** By what the server's own process got: a clock that was not set back would prove nothing. */
  private static void assertClockIsBack(Server server, Duration back) throws IOException {
    Path process = Path.of("/proc", Long.toString(server.process().orElseThrow().pid()));
    String started =
        Stream.of(Files.readString(process.resolve("cmdline")).split("\0"))
            .filter(argument -> argument.startsWith("-Didserver.started="))
            .map(argument -> argument.substring(argument.indexOf('=') + 1))
            .findFirst()
            .orElseThrow();
    DateTimeFormatter format = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss Z");
    assertThat(Duration.between(ZonedDateTime.parse(started, format).toInstant(), Instant.now()))
        .isBetween(back, back.plus(Duration.ofMinutes(3)));
    String variables = Files.readString(process.resolve("environ"), StandardCharsets.ISO_8859_1);
    assertThat(variables.contains("LD_PRELOAD=")).isEqualTo(!back.isZero());
  }

  /** The very first request of each rule is asked once: a refusal or silence fails. */
  private void takeIds(Server server) throws Exception {
    try (UdpClient client = server.udp()) {
      for (String layout : LAYOUTS) {
        List<Long> ids = timeIds.computeIfAbsent(layout, key -> new ArrayList<>());
        ids.add(Long.valueOf(client.get(layout, "kept").id()));
        for (int i = 0; i < BATCHES; i++) {
          ids.addAll(TimeIdIT.batch(client, layout, "kept", BATCH));
        }
      }
      for (int i = 0; i < 200; i++) {
        dated.add(client.id("dated", "kept"));
      }
    }
  }

  private static void tellDateOfANewCounter(Server server, Duration back) throws IOException {
    try (UdpClient client = server.udp()) {
      System.out.printf(
          "clock back by %s: a new counter begins with %s%n",
          back, client.id("dated", "new" + back.toSeconds()));
    }
  }
}
