package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.CounterKey;
import idserver.reserve.BlockStore;
import idserver.reserve.CounterState;
import idserver.reserve.HighWaterFile;
import idserver.reserve.RememberingStore;
import idserver.testing.Jvm;
import idserver.testing.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a process that starts after a power cut finds of a counter, -1 for nothing. Immutable.
 *
 * @param row what the database has promised
 * @param mark what the high-water file has promised
 * @param next the first number that it reserves itself
 */
record Recovered(long row, long mark, long next) {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /**
   * The counters of a {@link CutOffProcess}, found by a process of its own.
   *
   * @throws IOException when it cannot open what is there, with what it wrote
   */
  static List<Recovered> in(Path data) throws IOException {
    Outcome outcome = Outcome.of(Jvm.of(Recovered.class, data.toString()), LIMIT);
    if (outcome.exitCode() != 0) {
      throw new IOException(data + " cannot be opened: " + outcome.text());
    }
    List<Recovered> counters = new ArrayList<>();
    for (String line : outcome.out().lines().toList()) {
      String[] figures = line.split(" ", -1);
      counters.add(
          new Recovered(
              Long.parseLong(figures[0]), Long.parseLong(figures[1]), Long.parseLong(figures[2])));
    }
    assertThat(counters).hasSize(CutOffProcess.COUNTERS);
    return counters;
  }

  public static void main(String[] args) throws Exception {
    Path data = Path.of(args[0]);
    List<CounterKey> keys = new ArrayList<>();
    for (int i = 0; i < CutOffProcess.COUNTERS; i++) {
      keys.add(CutOffProcess.key(i));
    }
    try (EmbeddedStorage storage = new EmbeddedStorage(data);
        HighWaterFile file = HighWaterFile.open(data, 0)) {
      BlockStore rows =
          new JpaBlockStore(storage.transactions(), storage.durability(), 0, new IdStep(0, 1));
      Map<CounterKey, CounterState> found = rows.find(keys);
      List<Long> marks = keys.stream().map(key -> reserved(file.of(key))).toList();
      var grants = new RememberingStore(rows, file).reserve(keys.stream().map(Wishes::of).toList());
      for (int i = 0; i < keys.size(); i++) {
        System.out.printf(
            "%d %d %d%n", reserved(found.get(keys.get(i))), marks.get(i), grants.get(i).first());
      }
    }
  }

  private static long reserved(@Nullable CounterState state) {
    return state == null ? -1 : state.reserved();
  }
}
