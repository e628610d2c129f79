package idserver.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigPropertiesTest {
  private static final int RUNS = 200;
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          "\"",
          "\\",
          "//",
          "/*",
          "*/",
          ",",
          ":",
          "null",
          "true",
          "-1",
          "1e9",
          "1e999999999",
          "9".repeat(1200),
          "\"\\ud800\"",
          "\"\\u0000\"",
          "\n",
          "\r",
          "\0",
          "\uFEFF",
          "[".repeat(1001),
          "\"id_step\":",
          "\"rules\":[]",
          "\"database\":{}");

  /** A name of the network must not be looked up, whatever becomes of it. */
  private static final String DOCUMENT =
      DocumentConfig.TEXT.replace("\"service_host\" : \"127.0.0.1\",", "");

  @TempDir @Nullable Path directory;

  static LongStream seeds() {
    return LongStream.of(1, 2, ThreadLocalRandom.current().nextLong(1_000_000_000));
  }

  private void assertIsReadOrRefused(byte[] damaged) throws IOException {
    Path file = Objects.requireNonNull(directory).resolve("config.json");
    Files.write(file, damaged);
    try {
      ServerConfig config = ConfigReader.read(file);
      assertThat(config.rules()).isNotEmpty();
      assertThat(config.idOffset()).isBetween(0, config.idStep() - 1);
    } catch (ConfigException e) {
      assertThat(e.faults()).isNotEmpty().noneMatch(fault -> fault.contains("\n"));
    } catch (RuntimeException e) {
      throw new AssertionError("not refused but broken: " + new String(damaged, UTF_8), e);
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void damagedBytesAreReadOrRefused(long seed) throws IOException {
    RandomGenerator random = new SplittableRandom(seed);
    for (int run = 0; run < RUNS; run++) {
      byte[] bytes = DOCUMENT.getBytes(UTF_8);
      for (int damage = random.nextInt(1, 4); damage > 0; damage--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(bytes.length) : bytes.length;
      assertIsReadOrRefused(Arrays.copyOf(bytes, length));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void piecesOfJsonInAnyPlaceAreReadOrRefused(long seed) throws IOException {
    RandomGenerator random = new SplittableRandom(seed);
    for (int run = 0; run < RUNS; run++) {
      StringBuilder text = new StringBuilder(DOCUMENT);
      for (int damage = random.nextInt(1, 4); damage > 0; damage--) {
        int from = random.nextInt(text.length());
        int to = Math.min(text.length(), from + random.nextInt(12));
        text.replace(from, to, PIECES.get(random.nextInt(PIECES.size())));
      }
      assertIsReadOrRefused(text.toString().getBytes(UTF_8));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void anyValueInThePlaceOfAnotherIsReadOrRefused(long seed) throws IOException {
    RandomGenerator random = new SplittableRandom(seed);
    List<String> values =
        List.of(
            "null",
            "true",
            "0",
            "-1",
            "2147483648",
            "1.5",
            "1e3",
            "1e999999999",
            "9".repeat(1200),
            "\"\"",
            "\"a\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"" + "a".repeat(7_000) + "\"",
            "[]",
            "{}",
            "[{}]",
            "[[]]",
            "{\"name\":{}}");
    List<String> lines = DOCUMENT.lines().toList();
    for (int run = 0; run < RUNS; run++) {
      int changed = random.nextInt(lines.size());
      String value = values.get(random.nextInt(values.size()));
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        text.append(i == changed ? line.replaceFirst(":\\s*[^,\\s]+", ":" + value) : line);
        text.append('\n');
      }
      assertIsReadOrRefused(text.toString().getBytes(UTF_8));
    }
  }
}
