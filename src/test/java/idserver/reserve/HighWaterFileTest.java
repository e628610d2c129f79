package idserver.reserve;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.CounterKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HighWaterFileTest {
  private static final CounterKey KEY = new CounterKey("order", "shop");

  @TempDir @Nullable Path folder;

  private Path folder() {
    return requireNonNull(folder);
  }

  private Path path() {
    return folder().resolve("high_water_0");
  }

  private HighWaterFile open() throws IOException {
    return HighWaterFile.open(folder(), 0);
  }

  private static CounterState state(long reserved) {
    return new CounterState(0, 86_400, reserved, 7);
  }

  private static CounterKey app(int i) {
    return new CounterKey("order", "app " + i);
  }

  @Test
  void remembersTheHighestReservationOverARestart() throws Exception {
    try (HighWaterFile file = open()) {
      assertThat(file.wasFound()).isFalse();
      file.raise(Map.of(KEY, state(9)));
      file.raise(Map.of(KEY, state(19), app(1), state(5)));
      file.raise(Map.of(KEY, state(12)));
    }
    try (HighWaterFile file = open()) {
      assertThat(file.wasFound()).isTrue();
      assertThat(file.all()).isEqualTo(Map.of(KEY, state(19), app(1), state(5)));
    }
  }

  @Test
  void readsAFileOfTheVersionThatDidNotKnowWhenAPeriodEnds() throws Exception {
    try (HighWaterFile file = open()) {
      file.raise(Map.of(app(1), state(5)));
    }
    ByteBuffer body = ByteBuffer.allocate(35).putLong(0).putLong(19).putLong(7).putShort((short) 5);
    body.put("ordershop".getBytes(StandardCharsets.UTF_8)).flip();
    CRC32C checksum = new CRC32C();
    checksum.update(body.duplicate());
    ByteBuffer earlier = ByteBuffer.allocate(43).putInt(35).putInt((int) checksum.getValue());
    Files.write(path(), earlier.put(body).array(), StandardOpenOption.APPEND);

    try (HighWaterFile file = open()) {
      assertThat(file.all())
          .isEqualTo(Map.of(KEY, new CounterState(0, 0, 19, 7), app(1), state(5)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, HighWaterFile.FILL_BATCH, 2 * HighWaterFile.FILL_BATCH + 1})
  void isFilledWithAllRowsOfTheStore(int counters) throws Exception {
    List<Map.Entry<CounterKey, CounterState>> rows =
        IntStream.range(0, counters).mapToObj(i -> Map.entry(app(i), state(i))).toList();
    AtomicInteger next = new AtomicInteger();
    try (HighWaterFile file = open()) {
      file.fill(
          (last, most) -> {
            int from = next.get();
            assertThat(last).isEqualTo(from == 0 ? null : app(from - 1));
            int to = Math.min(from + most, counters);
            next.set(to);
            return rows.subList(from, to);
          });
      assertThat(file.size()).isEqualTo(counters);
    }
    try (HighWaterFile file = open()) {
      assertThat(file.all())
          .isEqualTo(rows.stream().collect(toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
  }

  @Test
  void aFillLeavesWhatIsKnownToBeHigher() throws Exception {
    try (HighWaterFile file = open()) {
      file.raise(Map.of(app(1), state(20), app(2), state(20)));

      file.fill(
          (last, most) -> List.of(Map.entry(app(1), state(10)), Map.entry(app(2), state(30))));

      assertThat(file.all()).isEqualTo(Map.of(app(1), state(20), app(2), state(30)));
    }
  }

  @Test
  void aLaterPeriodIsHigherThanAnyNumberOfAnEarlierOne() throws Exception {
    CounterState tomorrow = new CounterState(86_400, 172_800, 3, 7);
    try (HighWaterFile file = open()) {
      file.raise(Map.of(KEY, state(1000)));
      file.raise(Map.of(KEY, tomorrow));
      file.raise(Map.of(KEY, state(2000)));
    }
    try (HighWaterFile file = open()) {
      assertThat(file.of(KEY)).isEqualTo(tomorrow);
    }
  }

  @Test
  void whatIsLoweredStaysLow() throws Exception {
    try (HighWaterFile file = open()) {
      file.raise(Map.of(KEY, state(99)));
      file.lower(Map.of(KEY, state(42)));
    }
    try (HighWaterFile file = open()) {
      assertThat(file.of(KEY)).isEqualTo(state(42));
    }
  }

  @Test
  void namesOfAnyBytesAreKept() throws Exception {
    CounterKey strange = new CounterKey("r".repeat(64), "é\uD83D\uDE00 '\\".repeat(20));
    CounterKey empty = new CounterKey("", "time");
    try (HighWaterFile file = open()) {
      file.raise(Map.of(strange, state(1), empty, state(2)));
    }
    try (HighWaterFile file = open()) {
      assertThat(file.all()).containsOnlyKeys(strange, empty);
    }
  }

  @Test
  void theInstanceIsMadeWithTheFileAndStays() throws Exception {
    Object instance;
    try (HighWaterFile file = open()) {
      file.ready();
      instance = file.instance();
    }
    try (HighWaterFile file = open()) {
      assertThat(file.instance()).isEqualTo(instance);
      file.discard();
    }
    try (HighWaterFile file = open()) {
      assertThat(file.wasFound()).isFalse();
      assertThat(file.instance()).isNotEqualTo(instance);
    }
  }

  @Test
  void isHeldByOneAtATime() throws Exception {
    try (HighWaterFile held = open()) {
      held.ready();
      assertThatThrownBy(this::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("held by another process");
      HighWaterFile.open(folder(), 1).close();
    }
    open().close();
  }

  /** As after a power cut: any part of the last batch may be on the disk. */
  @Test
  void whatIsCutOffAnywhereInTheLastBatchIsIgnored() throws Exception {
    try (HighWaterFile file = open()) {
      file.raise(Map.of(KEY, state(9)));
    }
    int before = (int) Files.size(path());
    try (HighWaterFile file = open()) {
      file.raise(Map.of(KEY, state(9)));
      file.raise(Map.of(KEY, state(19)));
    }
    byte[] whole = Files.readAllBytes(path());
    for (int length = before; length < whole.length; length++) {
      Files.write(path(), Arrays.copyOf(whole, length));
      try (HighWaterFile file = open()) {
        assertThat(file.of(KEY)).as("%d of %d bytes", length, whole.length).isEqualTo(state(9));
        file.raise(Map.of(app(1), state(1)));
      }
      try (HighWaterFile file = open()) {
        assertThat(file.all()).isEqualTo(Map.of(KEY, state(9), app(1), state(1)));
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void noDamageIsTakenForAReservation(long seed) throws Exception {
    Random random = new Random(seed);
    Map<CounterKey, CounterState> last = new HashMap<>();
    try (HighWaterFile file = open()) {
      for (int i = 0; i < 50; i++) {
        CounterKey key = app(random.nextInt(10));
        last.put(key, state(i));
        file.raise(Map.of(key, state(i)));
      }
    }
    byte[] whole = Files.readAllBytes(path());
    for (int i = 0; i < 200; i++) {
      byte[] damaged = whole.clone();
      int at = HighWaterRecord.HEAD_LENGTH + random.nextInt(whole.length - 32);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(path(), damaged);
      try (HighWaterFile file = open()) {
        file.all()
            .forEach(
                (key, state) ->
                    assertThat(state.reserved())
                        .isBetween(0L, requireNonNull(last.get(key)).reserved()));
      }
    }
  }

  @Test
  void aFileOfSomethingElseOrOfAnotherNodeIsRefused() throws Exception {
    try (HighWaterFile other = HighWaterFile.open(folder(), 1)) {
      other.ready();
    }
    Files.copy(folder().resolve("high_water_1"), path());
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("node_offset 0");

    Files.writeString(path(), "something else");
    assertThatThrownBy(this::open).isInstanceOf(IOException.class);
    // and nobody holds it
    Files.delete(path());
    open().close();
  }

  @Test
  void aHundredThousandCountersThatGoOnForLongStayASmallFile() throws Exception {
    int counters = 100_000;
    try (HighWaterFile file = open()) {
      for (int round = 0; round < 20; round++) {
        for (int from = 0; from < counters; from += 5_000) {
          Map<CounterKey, CounterState> batch = new HashMap<>();
          for (int i = from; i < from + 5_000; i++) {
            batch.put(app(i), state(round));
          }
          file.raise(batch);
        }
      }
      assertThat(file.size()).isEqualTo(counters);
      // the least it needs: 42 bytes and the names
      assertThat(Files.size(path())).isLessThan(4L * counters * 58 + (2 << 20));
    }
    try (HighWaterFile file = open()) {
      assertThat(file.all())
          .hasSize(counters)
          .containsValue(state(19))
          .doesNotContainValue(state(18));
    }
    try (Stream<Path> files = Files.list(folder())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("high_water_0", "high_water_0.lock");
    }
  }

  @Test
  void aBatchIsSynchronisedOnce() throws Exception {
    AtomicInteger synchronisations = new AtomicInteger();
    try (HighWaterFile file =
        HighWaterFile.open(folder(), 0, log -> synchronisations.incrementAndGet())) {
      file.ready();
      int before = synchronisations.get();
      Map<CounterKey, CounterState> batch = new HashMap<>();
      for (int i = 0; i < 500; i++) {
        batch.put(app(i), state(i));
      }
      file.raise(batch);
      assertThat(synchronisations.get() - before).isEqualTo(1);
      file.raise(batch);
      assertThat(synchronisations.get() - before).as("nothing is new").isEqualTo(1);
    }
  }

  @Test
  void afterAFailureItIsWrittenAnewWithoutARestart() throws Exception {
    AtomicBoolean full = new AtomicBoolean();
    try (HighWaterFile file =
        HighWaterFile.open(
            folder(),
            0,
            log -> {
              if (full.get()) {
                throw new IOException("No space left on device");
              }
            })) {
      file.raise(Map.of(KEY, state(9)));
      full.set(true);
      assertThatThrownBy(() -> file.raise(Map.of(KEY, state(19))))
          .isInstanceOf(HighWaterException.class)
          .hasMessageContaining("high_water_0")
          .hasMessageContaining("No space left on device");
      assertThatThrownBy(file::ready).isInstanceOf(HighWaterException.class);
      assertThat(file.of(KEY)).isEqualTo(state(9));

      full.set(false);
      file.ready();
      file.raise(Map.of(KEY, state(29)));
    }
    try (HighWaterFile file = open()) {
      assertThat(file.all()).isEqualTo(Map.of(KEY, state(29)));
    }
  }

  @Test
  void aLargeFileIsGoneOnWithAndItsTornEndCutOff() throws Exception {
    try (HighWaterFile file = open()) {
      file.raise(many());
    }
    long whole = Files.size(path());
    Files.write(path(), new byte[20], StandardOpenOption.APPEND);
    try (HighWaterFile file = open()) {
      file.raise(Map.of(KEY, state(9)));
      assertThat(Files.size(path()))
          .isEqualTo(whole + new HighWaterRecord(KEY, state(9)).encoded().length);
    }
    try (HighWaterFile file = open()) {
      assertThat(file.size()).isEqualTo(MANY + 1);
      assertThat(file.of(KEY)).isEqualTo(state(9));
    }
  }

  @Test
  void whatChangesWhileItIsWrittenAnewIsNotLost() throws Exception {
    try (HighWaterFile file = open()) {
      file.raise(many());
    }
    Map<CounterKey, CounterState> expected = new HashMap<>(many());
    CountDownLatch renewing = new CountDownLatch(1);
    CountDownLatch changed = new CountDownLatch(1);
    AtomicBoolean hold = new AtomicBoolean();
    try (HighWaterFile file =
        HighWaterFile.open(
            folder(),
            0,
            log -> {
              // the first time that the new file is synchronised it holds what was there before
              if (hold.compareAndSet(true, false)) {
                renewing.countDown();
                await(changed);
              }
            })) {
      file.ready();
      hold.set(true);
      CompletableFuture<Void> renewal =
          CompletableFuture.runAsync(
              () -> {
                try {
                  file.renew();
                } catch (HighWaterException e) {
                  throw new IllegalStateException(e);
                }
              });
      await(renewing);
      for (int i = 0; i < 100; i++) {
        file.raise(Map.of(app(i), state(1000 + i)));
        expected.put(app(i), state(1000 + i));
      }
      file.lower(Map.of(app(7), state(3)));
      expected.put(app(7), state(3));
      changed.countDown();
      renewal.join();
      file.raise(Map.of(app(8), state(5000)));
      expected.put(app(8), state(5000));
    }
    try (HighWaterFile file = open()) {
      assertThat(file.all()).isEqualTo(expected);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final int MANY = 40_000;

  private static Map<CounterKey, CounterState> many() {
    Map<CounterKey, CounterState> many = new HashMap<>();
    for (int i = 0; i < MANY; i++) {
      many.put(app(i), state(i));
    }
    return many;
  }
}
