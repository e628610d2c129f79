package idserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of faults names tests that exist. */
class FaultsPageTest {
  private static final Path PAGE = Path.of("src/docs/faults.md");
  private static final Path TESTS = Path.of("src/test/java");
  private static final Pattern NAMED = Pattern.compile("`(\\w+(?:Test|IT))(?:\\.(\\w+))?`");

  @Test
  void namesTestsThatExist() throws IOException {
    Map<String, String> tests = tests();
    List<MatchResult> named = NAMED.matcher(Files.readString(PAGE)).results().toList();
    List<String> missing = new ArrayList<>();
    for (MatchResult test : named) {
      String source = tests.get(test.group(1));
      if (source == null || (test.group(2) != null && !holds(source, test.group(2)))) {
        missing.add(test.group());
      }
    }

    assertThat(missing).as("named in %s, and nowhere to be found", PAGE).isEmpty();
    assertThat(named).hasSizeGreaterThan(50);
  }

  private static boolean holds(String source, String method) {
    return Pattern.compile("(void|ArchRule) " + method + "\\b").matcher(source).find();
  }

  /** The sources of all tests by the names of their classes. */
  private static Map<String, String> tests() throws IOException {
    try (Stream<Path> files = Files.walk(TESTS)) {
      return files
          .filter(file -> file.toString().matches(".*(Test|IT)\\.java"))
          .collect(
              Collectors.toMap(
                  file -> file.getFileName().toString().replace(".java", ""),
                  FaultsPageTest::source));
    }
  }

  private static String source(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
