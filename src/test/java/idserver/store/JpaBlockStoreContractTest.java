package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.NumberRange;
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
      return new JpaBlockStore(transactions(), durability(), nodeOffset, new IdStep(nodeOffset, 1));
    } catch (Exception e) {
      throw new AssertionError("no storage", e);
    }
  }

  final BlockStore storeThatIsMeddledWith(Meddling.Event beforeWriting) throws Exception {
    return new JpaBlockStore(
        Meddling.beforeWriting(transactions(), beforeWriting), durability(), 0, new IdStep(0, 1));
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
    new JpaBlockStore(transactions(), durability(), 0, new IdStep(0, 1)).rehearse(3);

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
    JpaBlockStore store = new JpaBlockStore(transactions(), durability(), 0, new IdStep(0, 1));

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

  @Test
  void serversTakeTheirBlocksOfASharedCounterFromOneRow() throws Exception {
    CounterKey key = new CounterKey("shared", "app");

    assertThat(shared(0, key, NumberRange.NOTHING_RESERVED).first()).isZero();
    assertThat(shared(2, key, NumberRange.NOTHING_RESERVED).first()).isEqualTo(10);
    assertThat(shared(1, key, NumberRange.NOTHING_RESERVED).first()).isEqualTo(20);
    assertThat(shared(0, key, 9).first()).isEqualTo(30);

    for (int node = 0; node < 4; node++) {
      assertThat(store(node).find(List.of(key)))
          .containsExactly(Map.entry(key, new CounterState(0, Long.MAX_VALUE, 39, 1_700_000_000L)));
    }
  }

  @Test
  void whoReservedLastGivesBackOfASharedCounterAndNobodyElse() throws Exception {
    CounterKey key = new CounterKey("shared", "app");
    shared(0, key, NumberRange.NOTHING_RESERVED);
    shared(1, key, NumberRange.NOTHING_RESERVED);

    assertThat(store(0).giveBack(List.of(new Leftover(key, true, 0, 9, 3)))).isZero();
    assertThat(store(1).giveBack(List.of(new Leftover(key, false, 0, 19, 14)))).isZero();
    assertThat(store(1).giveBack(List.of(new Leftover(key, true, 0, 19, 14)))).isOne();

    assertThat(shared(2, key, NumberRange.NOTHING_RESERVED).first()).isEqualTo(15);
  }

  @Test
  void aSharedRowAndTheRowsOfServersAreNotOne() throws Exception {
    CounterKey key = Wishes.of("app").key();
    store(0).reserve(List.of(Wishes.of(key)));

    assertThat(shared(0, key, NumberRange.NOTHING_RESERVED).first()).isZero();
    assertThat(store(1).reserve(List.of(Wishes.of(key))).get(0).first()).isZero();
  }

  @Test
  void aSharedRowIsAmongThoseOfEachServer() throws Exception {
    CounterKey key = new CounterKey("shared", "app");
    shared(1, key, NumberRange.NOTHING_RESERVED);

    assertThat(
            new JpaBlockStore(transactions(), durability(), 0, new IdStep(0, 1))
                .following(null, 10))
        .containsExactly(Map.entry(key, new CounterState(0, Long.MAX_VALUE, 9, 1_700_000_000L)));
  }

  @Test
  void noNumberOfASharedCounterIsGrantedTwiceToServersThatRace() throws Exception {
    CounterKey key = new CounterKey("shared", "app");
    ExecutorService racers = Executors.newFixedThreadPool(RACERS);
    try {
      List<Future<List<Long>>> answers = new ArrayList<>();
      for (int node = 0; node < RACERS; node++) {
        int here = node;
        answers.add(racers.submit(() -> race(here, key)));
      }
      List<Long> firsts = new ArrayList<>();
      for (Future<List<Long>> answer : answers) {
        firsts.addAll(answer.get());
      }
      assertThat(firsts).doesNotHaveDuplicates().allMatch(first -> first % Wishes.SIZE == 0);
      assertThat(reserved(key)).isEqualTo(Collections.max(firsts) + Wishes.SIZE - 1);
    } finally {
      racers.shutdownNow();
    }
  }

  private List<Long> race(int node, CounterKey key) throws StoreException {
    List<Long> firsts = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      try {
        firsts.add(shared(node, key, NumberRange.NOTHING_RESERVED).first());
      } catch (ConflictException e) {
        // somebody else was faster
      }
    }
    return firsts;
  }

  private Grant shared(int node, CounterKey key, long known) throws StoreException {
    return store(node).reserve(List.of(Wishes.shared(key, known))).get(0);
  }
}
