package idserver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.Warnings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReloadLogTest {
  private static final ReloadEntry START = entry(1, "start", true);

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("reloads.json");
  }

  private static ReloadEntry entry(long version, String action, boolean succeeded) {
    return new ReloadEntry(
        "2026-11-23T10:00:00." + version + "Z",
        "öps \"and\" others",
        action,
        succeeded,
        version,
        "version " + version,
        succeeded ? List.of() : List.of("a.lua:3: x", "two\nlines"),
        succeeded ? List.of(new ReloadEntry.Changed("task", "changed")) : List.of());
  }

  private ReloadLog opened() {
    ReloadLog log = new ReloadLog(directory);
    log.open(START);
    return log;
  }

  @Test
  void goesOnBehindWhatWasChangedBeforeARestart() {
    ReloadEntry done = entry(2, "reload", true);
    ReloadEntry refused = entry(2, "reload", false);
    ReloadLog before = opened();
    before.add(done);
    before.add(refused);

    ReloadLog after = opened();
    ReloadEntry next = entry(2, "rollback", true);
    after.add(next);

    assertThat(after.entries()).containsExactly(next, START, refused, done, START);
    assertThat(opened().entries()).containsExactly(START, next, START, refused, done, START);
  }

  @Test
  void readsAndWritesNothingBeforeItIsOpened() throws IOException {
    ReloadEntry quick = entry(2, "reload", true);
    opened();
    byte[] before = Files.readAllBytes(file);

    ReloadLog log = new ReloadLog(directory);
    log.add(quick);
    assertThat(file).hasBinaryContent(before);
    log.open(START);

    assertThat(log.entries()).containsExactly(quick, START, START);
    assertThat(opened().entries()).containsExactly(START, quick, START, START);
  }

  @Test
  void remembersTheLastTwoHundred() {
    ReloadLog log = opened();
    for (int version = 2; version <= 450; version++) {
      log.add(entry(version, "reload", true));
    }

    assertThat(log.entries())
        .hasSize(200)
        .startsWith(entry(450, "reload", true))
        .endsWith(entry(251, "reload", true));
    assertThat(opened().entries()).hasSize(200).startsWith(START, entry(450, "reload", true));
  }

  @Test
  void leavesNothingButItsFile() throws IOException {
    opened().add(entry(2, "reload", true));

    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"reloads\":[{\"at\":\"2026-11-23T10:00:00Z\",\"by\":\"o",
        "[]",
        "{}",
        "{\"reloads\":7}",
        "{\"reloads\":[7]}",
        "{\"reloads\":[{}]}",
        "{\"reloads\":[null]}",
        "{\"reloads\":[{\"at\":\"\",\"by\":\"\",\"action\":\"\",\"succeeded\":true,\"version\":1.5,"
            + "\"message\":\"\",\"faults\":[],\"rules\":[]}]}",
        "{\"reloads\":[{\"at\":\"\",\"by\":\"\",\"action\":\"\",\"succeeded\":true,\"version\":1,"
            + "\"message\":\"\",\"faults\":[1],\"rules\":[]}]}",
        "\u0000\u0001\u0002",
      })
  void putsADamagedFileAsideAndSaysSo(String damaged) throws IOException {
    Files.writeString(file, damaged);

    try (Warnings warnings = Warnings.of(ReloadLog.class)) {
      ReloadLog log = opened();

      assertThat(log.entries()).containsExactly(START);
      assertThat(directory.resolve("reloads.json.damaged")).hasContent(damaged);
      assertThat(warnings.messages())
          .singleElement()
          .asString()
          .contains(file.toString(), "put aside as reloads.json.damaged")
          .doesNotContain("\n");
    }
    assertThat(opened().entries()).containsExactly(START, START);
  }

  @Test
  void whereItCannotBeWrittenReloadsGoOnAndItIsSaidOnce() throws IOException {
    ReloadLog log = new ReloadLog(directory.resolve("not yet there"));
    try (Warnings warnings = Warnings.of(ReloadLog.class)) {
      log.open(START);
      log.add(entry(2, "reload", true));
      assertThat(warnings.messages()).singleElement().asString().contains("cannot be written");
    }
    assertThat(log.entries()).hasSize(2);

    Files.createDirectory(directory.resolve("not yet there"));
    log.add(entry(3, "reload", true));

    ReloadLog next = new ReloadLog(directory.resolve("not yet there"));
    next.open(START);
    assertThat(next.entries()).hasSize(4);
  }
}
