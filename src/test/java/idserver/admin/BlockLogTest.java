package idserver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.CounterKey;
import idserver.reserve.ReservedBlock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockLogTest {
  private final Instant noon =
      LocalDate.now(ZoneOffset.UTC).atTime(12, 0).toInstant(ZoneOffset.UTC);

  @TempDir private Path directory;
  private BlockLog log;

  @BeforeEach
  void open() {
    log = new BlockLog(directory);
  }

  @AfterEach
  void close() {
    log.close();
  }

  private static ReservedBlock block(Instant at, String app, long first) {
    return new ReservedBlock(at, new CounterKey("o2o", app), 20261123, first, first + 98, 50);
  }

  private Path file(Instant at) {
    return directory.resolve("blocks-" + LocalDate.ofInstant(at, ZoneOffset.UTC) + ".tsv");
  }

  @Test
  void findsTheLatestFirstAndOnlyWhatFits() {
    ReservedBlock one = block(noon, "one", 0);
    ReservedBlock two = block(noon.plusSeconds(1), "two", 100);
    ReservedBlock three = block(noon.plusSeconds(2), "one", 200);
    log.record(List.of(one, two));
    log.record(List.of());
    log.record(List.of(three));

    assertThat(log.find(block -> true, 10)).containsExactly(three, two, one);
    assertThat(log.find(block -> true, 2)).containsExactly(three, two);
    assertThat(log.find(block -> block.key().app().equals("one"), 10)).containsExactly(three, one);
  }

  @Test
  void hasAFileForEachDayAndLooksThroughThemBackwards() {
    ReservedBlock yesterday = block(noon.minus(Duration.ofDays(1)), "a", 0);
    ReservedBlock today = block(noon, "a", 100);
    log.record(List.of(yesterday));
    log.record(List.of(today));

    assertThat(file(yesterday.at())).exists();
    assertThat(file(today.at())).exists();
    assertThat(log.find(block -> true, 10)).containsExactly(today, yesterday);
  }

  @Test
  void goesOnInTheFileOfBeforeAndSkipsALineThatWasCutOff() throws IOException {
    ReservedBlock before = block(noon, "a", 0);
    log.record(List.of(before));
    log.close();
    Files.writeString(
        file(noon), "2026-11-23T12:00:00Z\to2o\ta\t2026\n", StandardOpenOption.APPEND);

    BlockLog next = new BlockLog(directory);
    ReservedBlock after = block(noon.plusSeconds(9), "a", 100);
    next.record(List.of(after));
    next.close();

    assertThat(next.find(block -> true, 10)).containsExactly(after, before);
  }

  @Test
  void whereItCannotBeWrittenNothingFailsAndItGoesOnLater() throws IOException {
    Path taken = directory.resolve("logs");
    Files.writeString(taken, "a file where the directory should be");
    BlockLog blocked = new BlockLog(taken);
    blocked.record(List.of(block(noon, "a", 0)));

    Files.delete(taken);
    ReservedBlock later = block(noon.plusSeconds(1), "a", 100);
    blocked.record(List.of(later));
    blocked.close();

    assertThat(blocked.find(block -> true, 10)).containsExactly(later);
  }
}
