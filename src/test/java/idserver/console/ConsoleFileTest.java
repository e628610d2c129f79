package idserver.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleFileTest {
  private static final List<String> NAMES = ConsoleFile.NAMES;

  /** All that a browser loads for any page, in bytes as they are sent. */
  private static final int MOST_BYTES = 150_000;

  @Test
  void areAllThatAreThere() throws IOException, URISyntaxException {
    URL index = Objects.requireNonNull(ConsoleFile.class.getResource(ConsoleFile.INDEX));
    Path folder = Objects.requireNonNull(Path.of(index.toURI()).getParent());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(name -> !name.endsWith(".class"))
          .containsExactlyInAnyOrderElementsOf(NAMES);
    }
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void sayTheirTypeAndEncoding(String name) {
    assertThat(file(name).type()).endsWith(";charset=utf-8");
  }

  @ParameterizedTest
  @FieldSource("NAMES")
  void areTheSameWhenTheyCameCompressed(String name) throws IOException {
    byte[] compressed = file(name).bytes(true);

    try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(compressed))) {
      assertThat(unpacked.readAllBytes()).isEqualTo(file(name).bytes(false));
    }
    assertThat(file(name).tag(true)).isNotEqualTo(file(name).tag(false));
  }

  @Test
  void areSmallTogether() {
    assertThat(NAMES.stream().mapToInt(name -> file(name).bytes(true).length).sum())
        .isLessThan(MOST_BYTES);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ConsoleFile.class",
        "../package-info.class",
        "..",
        "/index.html",
        "INDEX.HTML",
        "index.html/",
        "en.json\0",
      })
  void areNothingElse(String name) {
    assertThat(ConsoleFile.named(name)).isEmpty();
  }

  /** What comes from outside is text; and the page's policy would refuse the rest. */
  @ParameterizedTest
  @FieldSource("NAMES")
  void neitherMakeMarkupOfDataNorAskAnybodyElse(String name) {
    assertThat(text(name).replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(")
        .doesNotContain("http:", "https:", "style=\"");
  }

  @Test
  void sayTheSameThingsInEachLanguage() {
    assertThat(texts("zh.json").keySet()).isEqualTo(texts("en.json").keySet());
    assertThat(texts("zh.json").keySet())
        .allSatisfy(
            key ->
                assertThat(places(texts("zh.json").getString(key)))
                    .as("what is put into the text of %s", key)
                    .isEqualTo(places(texts("en.json").getString(key))));
  }

  /** Keys are written out as {@code t("…")}, or begin with what {@code t(`…${} `)} begins with. */
  @Test
  void haveATextForWhateverIsSaidAndSayWhateverHasAText() {
    String scripts =
        String.join("\n", NAMES.stream().filter(n -> n.endsWith(".js")).map(n -> text(n)).toList());
    Set<String> keys = texts("en.json").keySet();
    List<String> said =
        found(scripts, "\\bt\\(\\s*(?:[^()\"`]*\\?\\s*)?\"([a-z_.0-9]+)\"").toList();

    assertThat(said).hasSizeGreaterThan(80).allSatisfy(key -> assertThat(keys).contains(key));
    List<String> beginnings =
        Stream.concat(
                found(scripts, "\\bt\\(`([a-z_.]+)\\$\\{"),
                found(scripts, "\\bname\\(\"([a-z_.]+)\",").map(kind -> kind + "."))
            .toList();
    assertThat(keys)
        .allSatisfy(
            key ->
                assertThat(
                        scripts.contains("\"" + key + "\"")
                            || beginnings.stream().anyMatch(key::startsWith))
                    .as("%s is said somewhere", key)
                    .isTrue());
  }

  private static Set<String> places(String text) {
    return new TreeSet<>(found(text, "\\{(\\w+)\\}").toList());
  }

  private static Stream<String> found(String text, String pattern) {
    return Pattern.compile(pattern).matcher(text).results().map((MatchResult r) -> r.group(1));
  }

  private static JsonObject texts(String name) {
    try (JsonReader reader = Json.createReader(new StringReader(text(name)))) {
      return reader.readObject();
    }
  }

  private static String text(String name) {
    return new String(file(name).bytes(false), UTF_8);
  }

  private static ConsoleFile file(String name) {
    return ConsoleFile.named(name).orElseThrow();
  }
}
