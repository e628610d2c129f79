package idserver.log;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LoggingTest {
  private static final Logger PRODUCT = Logger.getLogger("idserver");
  private static final Logger ROOM = Logger.getLogger("idserver.room.Class");

  private final @Nullable Level level = PRODUCT.getLevel();
  private final Handler[] handlers = PRODUCT.getHandlers();
  private final Logging logging = new Logging();

  @TempDir @Nullable Path temporary;

  @BeforeEach
  void keepTheConsoleQuiet() {
    PRODUCT.setUseParentHandlers(false);
  }

  @AfterEach
  void leaveNothingBehind() {
    logging.close();
    PRODUCT.setLevel(level);
    PRODUCT.setUseParentHandlers(true);
    assertThat(PRODUCT.getHandlers()).isEqualTo(handlers);
  }

  private Path directory() {
    return Objects.requireNonNull(temporary).resolve("log");
  }

  private void apply(String prefix, int level) {
    logging.apply(new LogSettings(prefix, level, directory()));
  }

  private static LogRecord record(Instant instant, String message) {
    LogRecord record = new LogRecord(Level.INFO, message);
    record.setInstant(instant);
    record.setLoggerName(ROOM.getName());
    return record;
  }

  private static LocalDate dateOf(Instant instant) {
    return LocalDate.ofInstant(instant, ZoneId.systemDefault());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The lines of all files, in the order of the files' names. */
  private List<String> lines() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String file : files()) {
      lines.addAll(Files.readAllLines(directory().resolve(file)));
    }
    return lines;
  }

  @Test
  void everyDayHasItsFile() throws Exception {
    Instant monday = Instant.parse("2026-01-05T12:00:00Z");
    Instant tuesday = Instant.parse("2026-01-06T12:00:00Z");
    apply("id_server", 3);

    ROOM.log(record(monday, "one"));
    ROOM.log(record(tuesday, "two"));
    ROOM.log(record(tuesday, "three"));

    assertThat(files())
        .containsExactly(
            "id_server-" + dateOf(monday) + ".log", "id_server-" + dateOf(tuesday) + ".log");
    assertThat(lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("2026-01-05 ").endsWith(" INFO one"),
            line -> assertThat(line).startsWith("2026-01-06 ").endsWith(" INFO two"),
            line -> assertThat(line).startsWith("2026-01-06 ").endsWith(" INFO three"));
  }

  @Test
  void aFileThatIsThereIsGoneOnWith() throws Exception {
    apply("id_server", 3);
    ROOM.info("before");
    logging.close();

    apply("id_server", 3);
    ROOM.info("after");

    assertThat(lines())
        .extracting(line -> line.replaceAll(".* ", ""))
        .containsExactly("before", "after");
  }

  @ParameterizedTest
  @CsvSource({
    "0, ''",
    "1, 'SEVERE'",
    "2, 'SEVERE WARNING'",
    "3, 'SEVERE WARNING INFO'",
    "4, 'SEVERE WARNING INFO CONFIG FINE'",
    "5, 'SEVERE WARNING INFO CONFIG FINE FINER FINEST'"
  })
  void theLevelDecidesWhatIsWritten(int level, String written) throws Exception {
    apply("id_server", level);
    Files.createDirectories(directory());

    for (Level each :
        List.of(
            Level.SEVERE,
            Level.WARNING,
            Level.INFO,
            Level.CONFIG,
            Level.FINE,
            Level.FINER,
            Level.FINEST)) {
      ROOM.log(each, each.getName());
    }

    assertThat(String.join(" ", lines().stream().map(line -> line.replaceAll(".* ", "")).toList()))
        .isEqualTo(written);
  }

  @Test
  void aNewPrefixAndLevelAreFollowedAtOnce() throws Exception {
    apply("before", 3);
    ROOM.info("one");

    apply("after", 2);
    ROOM.info("not written");
    ROOM.warning("two");

    assertThat(files())
        .satisfiesExactly(
            file -> assertThat(file).startsWith("after-"),
            file -> assertThat(file).startsWith("before-"));
    assertThat(lines())
        .extracting(line -> line.replaceAll(".* ", ""))
        .containsExactly("two", "one");
  }

  @Test
  void appliedAgainItWritesEachLineOnce() throws Exception {
    for (int i = 0; i < 3; i++) {
      apply("id_server", 3);
    }

    ROOM.info("once");

    assertThat(lines()).hasSize(1);
  }

  @Test
  void closedItWritesNothingAnyMore() throws Exception {
    apply("id_server", 3);
    ROOM.info("before");

    logging.close();
    logging.close();
    ROOM.info("after");

    assertThat(lines()).hasSize(1);
  }

  @Test
  void whatIsWrittenCanBeReadAtOnce() throws Exception {
    apply("id_server", 3);

    ROOM.info("Stra\u00dfe \u65e5\u672c \uD83D\uDE00");

    assertThat(lines())
        .singleElement()
        .asString()
        .endsWith("Stra\u00dfe \u65e5\u672c \uD83D\uDE00");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\n", "\r", "\r\n", "\0", "\u001b[2J", "\t", "\u007f", "\b"})
  void controlCharactersOfAMessageDoNotReachTheFile(String control) throws Exception {
    apply("id_server", 3);

    ROOM.info("a" + control + "b");

    assertThat(lines()).singleElement().asString().endsWith("b").doesNotContain(control);
  }

  @Test
  void controlCharactersOfAnExceptionDoNotReachTheFile() throws Exception {
    apply("id_server", 3);

    ROOM.log(Level.WARNING, "failed", new IllegalStateException("x\n2026-01-01 forged\u001b[2J"));

    assertThat(lines()).noneMatch(line -> line.startsWith("2026-01-01 forged"));
    assertThat(lines()).noneMatch(line -> line.contains("\u001b"));
  }

  @Test
  void anExceptionIsWrittenWithItsStack() throws Exception {
    apply("id_server", 3);

    ROOM.log(Level.SEVERE, "failed", new IllegalStateException("reason"));

    assertThat(lines().get(0)).endsWith("SEVERE failed | java.lang.IllegalStateException: reason");
    assertThat(lines().get(1)).startsWith("    at " + LoggingTest.class.getName());
  }

  @Test
  void parametersOfAMessageAreFilledIn() throws Exception {
    apply("id_server", 3);

    ROOM.log(Level.INFO, "{0} of {1}", new Object[] {"one", "two"});

    assertThat(lines()).singleElement().asString().endsWith("one of two");
  }

  @Test
  void aDirectoryThatCannotBeMadeIsReportedAndThrowsNothing() throws Exception {
    Files.writeString(directory(), "a file in its place");
    DailyFile file = new DailyFile(new LogSettings("id_server", 3, directory()));
    List<Integer> reported = new ArrayList<>();
    file.setErrorManager(
        new ErrorManager() {
          @Override
          public synchronized void error(
              @Nullable String message, @Nullable Exception e, int code) {
            reported.add(code);
          }
        });

    file.publish(record(Instant.EPOCH, "lost"));
    assertThat(reported).containsExactly(ErrorManager.WRITE_FAILURE);

    Files.delete(directory());
    file.publish(record(Instant.EPOCH, "kept"));
    file.close();
    assertThat(lines()).singleElement().asString().endsWith("kept");
  }

  @Test
  void aClosedFileIsNotOpenedAgain() throws Exception {
    DailyFile file = new DailyFile(new LogSettings("id_server", 3, directory()));
    file.publish(record(Instant.EPOCH, "before"));
    file.close();

    file.publish(record(Instant.EPOCH, "by a thread that came late"));

    assertThat(lines()).hasSize(1);
  }

  @Test
  void writesAnObjectALineForPrograms() throws IOException {
    logging.apply(new LogSettings("id_server", 3, directory(), LogFormat.JSON));

    LogRecord record =
        record(Instant.parse("2026-01-31T12:00:00.007Z"), "a \"b\"\n\\c\u0001 \ud83d\ude00 \ud83d");
    record.setThrown(new IllegalStateException("why", new IOException("because")));
    ROOM.log(record);
    ROOM.info("next");

    assertThat(files()).allMatch(file -> file.endsWith(".jsonl")).isNotEmpty();
    List<JsonObject> objects = lines().stream().map(LoggingTest::parsed).toList();
    assertThat(objects).hasSize(2);
    JsonObject first = objects.get(0);
    assertThat(first.keySet()).containsExactly("time", "level", "logger", "message", "thrown");
    assertThat(OffsetDateTime.parse(first.getString("time")).toInstant())
        .isEqualTo(record.getInstant());
    assertThat(first.getString("level")).isEqualTo("INFO");
    assertThat(first.getString("logger")).isEqualTo(ROOM.getName());
    assertThat(first.getString("message")).isEqualTo(record.getMessage());
    assertThat(first.getString("thrown"))
        .startsWith("java.lang.IllegalStateException: why\n\tat idserver.log.LoggingTest.")
        .contains("\nCaused by: java.io.IOException: because\n\tat ");
    assertThat(objects.get(1).getString("message")).isEqualTo("next");
    assertThat(objects.get(1)).doesNotContainKey("thrown");
  }

  private static JsonObject parsed(String line) {
    try (JsonReader reader = Json.createReader(new StringReader(line))) {
      return reader.readObject();
    }
  }
}
