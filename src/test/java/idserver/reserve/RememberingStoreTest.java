package idserver.reserve;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.Wish;
import idserver.reserve.InMemoryBlockStore.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every store promises, and what this one adds: a database that comes back older. */
class RememberingStoreTest extends BlockStoreContractTest {
  private static final CounterKey KEY = new CounterKey("order", "shop");
  private static final long TODAY = 1_795_305_600;
  private static final long TOMORROW = TODAY + 86_400;
  private static final Numbering NUMBERING =
      new Numbering(new NumberRange(0, 999_999, 1, 0), Period.named("day").orElseThrow(), 10);

  private final InMemoryBlockStore.Storage storage = new InMemoryBlockStore.Storage();
  private final List<HighWaterFile> files = new ArrayList<>();
  private final AtomicBoolean full = new AtomicBoolean();

  @TempDir @Nullable Path folder;

  /** Another machine each time. */
  @Override
  protected BlockStore store(int nodeOffset) {
    try {
      Path machine = Files.createTempDirectory(requireNonNull(folder), "machine");
      return new RememberingStore(new InMemoryBlockStore(storage, nodeOffset), file(machine));
    } catch (IOException e) {
      throw new AssertionError("no file", e);
    }
  }

  private HighWaterFile file(Path machine) throws IOException {
    HighWaterFile file =
        HighWaterFile.open(
            machine,
            0,
            log -> {
              if (full.get()) {
                throw new IOException("No space left on device");
              }
            });
    files.add(file);
    return file;
  }

  /** This machine, after a restart, on that database. */
  private RememberingStore restarted(BlockStore database) throws IOException {
    for (HighWaterFile file : files) {
      file.close();
    }
    return new RememberingStore(database, file(requireNonNull(folder)));
  }

  @AfterEach
  void close() throws IOException {
    for (HighWaterFile file : files) {
      file.close();
    }
  }

  private static BlockStore empty() {
    return new InMemoryBlockStore(new InMemoryBlockStore.Storage(), 0);
  }

  /** The wish of a counter that has just been made. */
  private static Wish wish(CounterKey key, long period, long size) {
    return new Wish(
        key,
        NUMBERING,
        period,
        size,
        Long.MIN_VALUE,
        0,
        NumberRange.NOTHING_RESERVED,
        period + 3600);
  }

  private static Grant reserve(BlockStore store, long period, long size) throws StoreException {
    return store.reserve(List.of(wish(KEY, period, size))).get(0);
  }

  private static long reserved(BlockStore store) throws StoreException {
    return requireNonNull(store.find(List.of(KEY)).get(KEY)).reserved();
  }

  @Test
  void aDatabaseThatCameBackOlderAfterARestartIsRepairedForward() throws Exception {
    reserve(restarted(empty()), TODAY, 500);
    BlockStore backup = empty();
    reserve(backup, TODAY, 10);

    RememberingStore store = restarted(backup);

    assertThat(reserve(store, TODAY, 10))
        .isEqualTo(new Grant(TODAY, TOMORROW, 500, 10, TODAY + 3600, true));
    assertThat(store.olderCounters()).isEqualTo(1);
    assertThat(reserved(backup)).isEqualTo(509);
    assertThat(reserve(store, TODAY, 10).repaired()).isFalse();
  }

  @Test
  void aPeriodThatTheDatabaseHasForgottenIsNotGoneBackTo() throws Exception {
    reserve(restarted(empty()), TOMORROW, 50);
    BlockStore backup = empty();
    reserve(backup, TODAY, 10);

    Grant grant = reserve(restarted(backup), TODAY, 10);

    assertThat(grant)
        .isEqualTo(new Grant(TOMORROW, TOMORROW + 86_400, 50, 10, TOMORROW + 3600, true));
  }

  @Test
  void anEmptyDatabaseIsFoundOlderByComparingAndNothingIsChanged() throws Exception {
    BlockStore database = new InMemoryBlockStore(storage, 0);
    RememberingStore store = restarted(database);
    for (int i = 0; i < 1_200; i++) {
      store.reserve(List.of(wish(new CounterKey("order", "app " + i), TODAY, 10)));
    }
    store.compare();
    assertThat(store.olderCounters()).isZero();

    BlockStore empty = empty();
    RememberingStore older = restarted(empty);
    older.compare();

    assertThat(older.olderCounters()).isEqualTo(1_200);
    assertThat(empty.find(List.of(new CounterKey("order", "app 7")))).isEmpty();
  }

  @Test
  void findsWhatIsHigher() throws Exception {
    RememberingStore store = restarted(empty());
    reserve(store, TODAY, 500);

    assertThat(reserved(restarted(empty()))).isEqualTo(499);
    BlockStore newer = empty();
    reserve(newer, TODAY, 1_000);
    assertThat(reserved(restarted(newer))).isEqualTo(999);
  }

  @Test
  void whatIsGivenBackIsGivenBackInTheFileToo() throws Exception {
    BlockStore database = new InMemoryBlockStore(storage, 0);
    RememberingStore store = restarted(database);
    reserve(store, TODAY, 100);

    assertThat(store.giveBack(List.of(new Leftover(KEY, false, TODAY, 99, 41)))).isEqualTo(1);

    RememberingStore again = restarted(database);
    again.compare();
    assertThat(reserve(again, TODAY, 10).first()).isEqualTo(42);
    assertThat(again.olderCounters()).isZero();
  }

  @Test
  void aGiveBackWhoseAnswerIsLostAlarmsNobody() throws Exception {
    reserve(restarted(new InMemoryBlockStore(storage, 0)), TODAY, 100);
    RememberingStore store =
        restarted(new InMemoryBlockStore(storage, 0, () -> Outcome.ANSWER_LOST));
    assertThatThrownBy(() -> store.giveBack(List.of(new Leftover(KEY, false, TODAY, 99, 41))))
        .isInstanceOf(StoreException.class);

    RememberingStore again = restarted(new InMemoryBlockStore(storage, 0));
    again.compare();

    assertThat(again.olderCounters()).isZero();
    assertThat(reserve(again, TODAY, 10).first()).isEqualTo(42);
  }

  @Test
  void aFullDiskGrantsNothingAndBurnsOneBlockAtTheMost() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    RememberingStore store =
        restarted(
            new InMemoryBlockStore(
                storage,
                0,
                () -> {
                  calls.incrementAndGet();
                  return Outcome.WORKS;
                }));
    reserve(store, TODAY, 10);
    full.set(true);

    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> reserve(store, TODAY, 10))
          .isInstanceOf(HighWaterException.class)
          .hasMessageContaining("No space left on device");
    }
    assertThat(calls).hasValue(2);

    full.set(false);
    assertThat(reserve(store, TODAY, 10).first()).isEqualTo(20);
  }

  @Test
  void aReservationWhoseAnswerIsLostIsNotRemembered() throws Exception {
    List<Outcome> outcomes = new ArrayList<>(List.of(Outcome.ANSWER_LOST));
    RememberingStore store =
        restarted(
            new InMemoryBlockStore(
                storage, 0, () -> outcomes.isEmpty() ? Outcome.WORKS : outcomes.remove(0)));

    assertThatThrownBy(() -> reserve(store, TODAY, 10)).isInstanceOf(StoreException.class);

    assertThat(files.get(files.size() - 1).of(KEY)).isNull();
    assertThat(reserve(store, TODAY, 10).first()).isEqualTo(10);
  }

  @Test
  void whoWantsToBeginAboveAllThatWasReservedIsNoSignOfAnOlderDatabase() throws Exception {
    RememberingStore store = restarted(empty());
    store.reserve(List.of(beginningAbove(400)));
    store.reserve(List.of(beginningAbove(10_000)));

    assertThat(requireNonNull(store.find(List.of(KEY)).get(KEY)).reserved()).isEqualTo(10_010);
    assertThat(store.olderCounters()).isZero();
  }

  private static Wish beginningAbove(long number) {
    return new Wish(KEY, NUMBERING, TODAY, 10, TODAY, 0, number, TODAY + 3600);
  }
}
