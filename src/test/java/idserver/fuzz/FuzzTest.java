package idserver.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.Jazzer;
import idserver.config.ConfigFuzz;
import idserver.rule.RuleFuzz;
import idserver.testing.Folders;
import idserver.testing.Jvm;
import idserver.testing.Outcome;
import idserver.wire.RequestFuzz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each target with the inputs that are kept, and with those that Jazzer makes of them for a while:
 * {@code fuzz.seconds}, always the same from the same {@code fuzz.seed} as far as time allows. An
 * input that is found is in {@code target/it/fuzz-...}; it belongs among those that are kept.
 */
class FuzzTest {
  private static final long SECONDS = Long.getLong("fuzz.seconds", 5);
  private static final long SEED = Long.getLong("fuzz.seed", 1);
  private static final Path KEPT = Path.of("src/test/resources/idserver/fuzz").toAbsolutePath();

  private static final String WATCHED = "idserver.**:org.luaj.**";

  /** An input that takes longer does not end: the first of all takes long on a busy machine. */
  private static final Duration SLOWEST = Duration.ofMinutes(3);

  private static final Duration START = Duration.ofMinutes(5);

  private interface Input {
    void put(byte[] bytes) throws Exception;
  }

  /** What is fuzzed, and with inputs of up to how many bytes. */
  private record Target(String name, Class<?> type, Input input, int largest) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Target> targets() {
    return Stream.of(
        new Target("request", RequestFuzz.class, RequestFuzz::fuzzerTestOneInput, 2_000),
        new Target("config", ConfigFuzz.class, ConfigFuzz::fuzzerTestOneInput, 4_000),
        new Target("rule", RuleFuzz.class, RuleFuzz::fuzzerTestOneInput, 2_000));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("targets")
  void allInputsThatAreKeptAreFine(Target target) throws Exception {
    List<Path> kept;
    try (Stream<Path> files = Files.list(KEPT.resolve(target.name()))) {
      kept = files.sorted().toList();
    }

    assertThat(kept).isNotEmpty();
    for (Path file : kept) {
      try {
        target.input().put(Files.readAllBytes(file));
      } catch (RuntimeException | Error e) {
        throw new AssertionError(file + ": " + e.getMessage(), e);
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("targets")
  void nothingIsFoundInAWhile(Target target) throws IOException {
    Path folder = Folders.fresh("fuzz-" + target.name());
    Path found = Files.createDirectories(folder.resolve("corpus"));
    ProcessBuilder fuzzer =
        Jvm.of(
            Jazzer.class,
            "--target_class=" + target.type().getName(),
            "--instrumentation_includes=" + WATCHED,
            "--custom_hook_includes=" + WATCHED,
            "--reproducer_path=" + folder,
            "-artifact_prefix=" + folder + "/",
            "-seed=" + SEED,
            "-max_total_time=" + SECONDS,
            "-max_len=" + target.largest(),
            "-timeout=" + SLOWEST.toSeconds(),
            "-rss_limit_mb=2000",
            found.toString(),
            KEPT.resolve(target.name()).toString());
    Path hosts = Files.createFile(folder.resolve("hosts"));
    // names in an input are not looked up in the network
    fuzzer
        .command()
        .addAll(1, List.of("-Djdk.net.hosts.file=" + hosts, "-Djava.io.tmpdir=" + folder));
    fuzzer.command().add(fuzzer.command().indexOf("-cp"), "-Xmx512m");

    Outcome outcome = Outcome.of(fuzzer, START.plusSeconds(SECONDS));

    assertThat(outcome.exitCode()).as(outcome.text()).isZero();
    assertThat(outcome.err()).contains("Done ");
    System.out.printf(
        "%s: %s%n",
        target.name(), outcome.err().lines().filter(line -> line.contains("Done ")).toList());
  }
}
