package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Wish;
import idserver.reserve.BlockStore;
import idserver.reserve.BlockStoreContractTest;
import idserver.reserve.ConflictException;
import idserver.reserve.CounterState;
import idserver.reserve.StoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every database has to do for the store, beyond what every store has to do. */
abstract class JpaBlockStoreContractTest extends BlockStoreContractTest {
  private static final int RACERS = 4;

  /** Transactions on the storage of this test. */
  abstract Transactions transactions() throws Exception;

  /** What follows a commit on it. */
  abstract Durability durability() throws Exception;

  @Override
  protected BlockStore store(int nodeOffset) {
    try {
      return new JpaBlockStore(transactions(), durability(), nodeOffset);
    } catch (Exception e) {
      throw new AssertionError("no storage", e);
    }
  }

  final BlockStore storeThatIsMeddledWith(Meddling.Event beforeWriting) throws Exception {
    return new JpaBlockStore(
        Meddling.beforeWriting(transactions(), beforeWriting), durability(), 0);
  }

  /** What the storage has reserved for the first server, -1 when it knows no such counter. */
  final long reserved(CounterKey key) throws StoreException {
    CounterState state = store(0).find(List.of(key)).get(key);
    return state == null ? -1 : state.reserved();
  }

  final long reserved(String app) throws StoreException {
    return reserved(Wishes.of(app).key());
  }

  @Test
  void fiveHundredWishesAreOneReservation() throws Exception {
    List<Wish> wishes = Wishes.many(500);

    assertThat(store(0).reserve(wishes)).hasSize(500).allMatch(grant -> grant.first() == 0);
    assertThat(store(0).reserve(wishes)).hasSize(500).allMatch(grant -> grant.first() == 10);

    assertThat(store(0).find(wishes.stream().map(Wish::key).toList()))
        .hasSize(500)
        .allSatisfy((key, state) -> assertThat(state.reserved()).isEqualTo(19));
  }

  @Test
  void aRowThatAnotherInsertedMeanwhileIsAConflict() throws Exception {
    BlockStore meddled = storeThatIsMeddledWith(() -> store(0).reserve(List.of(Wishes.of("app"))));

    assertThatThrownBy(() -> meddled.reserve(List.of(Wishes.of("app"))))
        .isInstanceOf(ConflictException.class);
    assertThat(reserved("app")).isEqualTo(9);
  }

  @Test
  void oneInsertedRowAmongFiveHundredIsAConflictThatInsertsNone() throws Exception {
    BlockStore meddled =
        storeThatIsMeddledWith(() -> store(0).reserve(List.of(Wishes.of("app 250"))));

    assertThatThrownBy(() -> meddled.reserve(Wishes.many(500)))
        .isInstanceOf(ConflictException.class);
    assertThat(reserved("app 250")).isEqualTo(9);
    assertThat(reserved("app 0")).isEqualTo(-1);
    assertThat(reserved("app 499")).isEqualTo(-1);
  }

  @Test
  void aRehearsalLeavesNothingBehind() throws Exception {
    new JpaBlockStore(transactions(), durability(), 0).rehearse(3);

    assertThat(store(0).find(List.of(new CounterKey("", "")))).isEmpty();
  }

  @Test
  void allRowsOfAServerAreReadInBatches() throws Exception {
    List<CounterKey> keys = new ArrayList<>();
    for (String name : List.of("a", "A", "aa", "b", "\u00e4", "\uD83D\uDE00", " ", "~")) {
      keys.add(new CounterKey("r", name));
      keys.add(new CounterKey(name, "app"));
    }
    keys.add(new CounterKey("", "time"));
    store(0).reserve(keys.stream().map(Wishes::of).toList());
    store(1).reserve(Wishes.many(5));
    JpaBlockStore store = new JpaBlockStore(transactions(), durability(), 0);

    for (int most : new int[] {1, 2, 5, keys.size(), 100}) {
      List<CounterKey> read = new ArrayList<>();
      List<Map.Entry<CounterKey, CounterState>> batch;
      do {
        batch = store.following(read.isEmpty() ? null : read.get(read.size() - 1), most);
        batch.forEach(row -> read.add(row.getKey()));
        assertThat(batch).allMatch(row -> row.getValue().reserved() == 9);
      } while (batch.size() == most);
      assertThat(read).containsExactlyInAnyOrderElementsOf(keys);
    }
  }

  @Test
  void namesOf255BytesAndOfAnyCharactersAreKept() throws Exception {
    List<CounterKey> keys =
        List.of(
            new CounterKey("r".repeat(255), "a".repeat(255)),
            new CounterKey("r".repeat(255), "a".repeat(254) + "b"),
            new CounterKey("r", "\uD83D\uDE00".repeat(63)),
            new CounterKey("r", "back\\slash 'quote' \"double\" %_;--"));
    store(0).reserve(keys.stream().map(Wishes::of).toList());

    assertThat(store(0).find(keys)).containsOnlyKeys(keys);
  }

  @Test
  void thoseWhoRaceForTheSameRowsGetDisjointBlocksAndMeetOnlyConflicts() throws Exception {
    ExecutorService racers = Executors.newFixedThreadPool(RACERS);
    try {
      List<Callable<List<Grant>>> races =
          IntStream.range(0, RACERS).<Callable<List<Grant>>>mapToObj(i -> () -> race(i)).toList();
      List<Long> firsts = new ArrayList<>();
      for (Future<List<Grant>> race : racers.invokeAll(races)) {
        race.get().forEach(grant -> firsts.add(grant.first()));
      }
      assertThat(firsts).doesNotHaveDuplicates().hasSize(RACERS * 10);
    } finally {
      racers.shutdownNow();
    }
  }

  /** Reserves for ten counters, each time in another order; answers the grants of one of them. */
  private List<Grant> race(int seed) throws StoreException {
    Random random = new Random(seed);
    BlockStore store = store(0);
    List<Grant> grants = new ArrayList<>();
    for (int tries = 0; grants.size() < 10 && tries < 1000; tries++) {
      List<Wish> wishes = new ArrayList<>(Wishes.many(10));
      Collections.shuffle(wishes, random);
      try {
        grants.add(store.reserve(wishes).get(wishes.indexOf(Wishes.of("app 0"))));
      } catch (ConflictException e) {
        // another was faster
      }
    }
    return grants;
  }
}
