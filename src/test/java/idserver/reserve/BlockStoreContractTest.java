package idserver.reserve;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Leftover;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.Wish;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store promises. To be inherited by the test of each. */
public abstract class BlockStoreContractTest {
  private static final CounterKey KEY = new CounterKey("order", "shop");
  private static final long TODAY = 1_795_305_600;
  private static final long TOMORROW = TODAY + 86_400;
  private static final long AFTER_TOMORROW = TOMORROW + 86_400;
  private static final long NOW = TODAY + 3_600;
  private static final long MAX = 999_999;

  /**
   * A store on the one storage of this test, which is empty when the test begins. Two of them play
   * two processes.
   */
  protected abstract BlockStore store(int nodeOffset);

  private static Numbering numbering(long max) {
    return new Numbering(new NumberRange(0, max, 1, 0), Period.named("day").orElseThrow(), 10);
  }

  private static Wish wish(CounterKey key, long period, long size) {
    return new Wish(
        key, numbering(MAX), period, size, Long.MIN_VALUE, 0, NumberRange.NOTHING_RESERVED, NOW);
  }

  private static Wish knowing(long knownPeriod, long knownReserved) {
    return new Wish(KEY, numbering(MAX), TODAY, 10, knownPeriod, 0, knownReserved, NOW);
  }

  private static Grant reserve(BlockStore store, Wish wish) throws StoreException {
    List<Grant> grants = store.reserve(List.of(wish));
    assertThat(grants).hasSize(1);
    return grants.get(0);
  }

  private static CounterKey app(String name) {
    return new CounterKey("order", name);
  }

  @Test
  void aFreshCounterBeginsAtItsFirstNumber() throws StoreException {
    assertThat(reserve(store(0), wish(KEY, TODAY, 10)))
        .isEqualTo(new Grant(TODAY, TOMORROW, 0, 10, NOW));
  }

  @Test
  void goesOnAboveWhatIsStored() throws StoreException {
    reserve(store(0), wish(KEY, TODAY, 10));

    assertThat(reserve(store(0), wish(KEY, TODAY, 20)))
        .isEqualTo(new Grant(TODAY, TOMORROW, 10, 20, NOW));
    assertThat(store(0).find(List.of(KEY)))
        .isEqualTo(Map.of(KEY, new CounterState(TODAY, TOMORROW, 29, NOW)));
  }

  @Test
  void aNewPeriodBeginsAtTheFirstNumber() throws StoreException {
    reserve(store(0), wish(KEY, TODAY, 10));

    assertThat(reserve(store(0), wish(KEY, TOMORROW, 10)).first()).isZero();
    assertThat(store(0).find(List.of(KEY)))
        .isEqualTo(Map.of(KEY, new CounterState(TOMORROW, AFTER_TOMORROW, 9, NOW)));
  }

  @Test
  void aPeriodThatIsOverDoesNotComeBack() throws StoreException {
    reserve(store(0), wish(KEY, TOMORROW, 10));

    assertThat(reserve(store(0), wish(KEY, TODAY, 10)))
        .isEqualTo(new Grant(TOMORROW, AFTER_TOMORROW, 10, 10, NOW));
  }

  @Test
  void theLatestTimeIsKept() throws StoreException {
    reserve(store(0), wish(KEY, TODAY, 10));
    Wish earlier =
        new Wish(
            KEY,
            numbering(MAX),
            TODAY,
            10,
            Long.MIN_VALUE,
            0,
            NumberRange.NOTHING_RESERVED,
            NOW - 100);

    assertThat(reserve(store(0), earlier).epochSecond()).isEqualTo(NOW);
    assertThat(store(0).find(List.of(KEY)))
        .isEqualTo(Map.of(KEY, new CounterState(TODAY, TOMORROW, 19, NOW)));
  }

  @Test
  void fulfilsManyWishesAtOnceInTheirOrder() throws StoreException {
    List<CounterKey> keys =
        IntStream.range(0, 300).mapToObj(i -> new CounterKey("rule" + i % 3, "app" + i)).toList();
    store(0).reserve(keys.subList(0, 100).stream().map(key -> wish(key, TODAY, 10)).toList());

    List<Wish> wishes = new ArrayList<>();
    keys.forEach(key -> wishes.add(wish(key, TODAY, wishes.size() + 1)));
    List<Grant> grants = store(0).reserve(wishes);

    assertThat(grants).hasSize(300);
    for (int i = 0; i < 300; i++) {
      assertThat(grants.get(i)).isEqualTo(new Grant(TODAY, TOMORROW, i < 100 ? 10 : 0, i + 1, NOW));
    }
    assertThat(store(0).find(keys)).hasSize(300);
  }

  @Test
  void findsOnlyWhatWasReserved() throws StoreException {
    reserve(store(0), wish(KEY, TODAY, 10));

    assertThat(store(0).find(List.of(app("nobody")))).isEmpty();
    assertThat(store(0).find(List.of(app("nobody"), KEY))).containsOnlyKeys(KEY);
    assertThat(store(0).find(List.of())).isEmpty();
  }

  @Test
  void anExhaustedRangeChangesNothing() throws StoreException {
    Wish small =
        new Wish(
            KEY, numbering(9), TODAY, 10, Long.MIN_VALUE, 0, NumberRange.NOTHING_RESERVED, NOW);
    assertThat(reserve(store(0), small).size()).isEqualTo(10);

    assertThat(reserve(store(0), small)).isEqualTo(Grant.exhausted(TODAY, TOMORROW, NOW));
    assertThat(store(0).find(List.of(KEY)))
        .isEqualTo(Map.of(KEY, new CounterState(TODAY, TOMORROW, 9, NOW)));
  }

  @Test
  void takesBackWhatNobodyWentOnFrom() throws StoreException {
    reserve(store(0), wish(KEY, TODAY, 10));

    assertThat(store(0).giveBack(List.of(new Leftover(KEY, false, TODAY, 9, 3)))).isEqualTo(1);
    assertThat(reserve(store(0), wish(KEY, TODAY, 10)).first()).isEqualTo(4);
  }

  @Test
  void takesNothingBackWhenSomebodyWentOn() throws StoreException {
    reserve(store(0), wish(KEY, TODAY, 10));
    reserve(store(0), wish(KEY, TODAY, 10));

    assertThat(store(0).giveBack(List.of(new Leftover(KEY, false, TODAY, 9, 3)))).isZero();
    assertThat(reserve(store(0), wish(KEY, TODAY, 10)).first()).isEqualTo(20);
  }

  @Test
  void takesNothingBackOfAnotherPeriodOrOfNobody() throws StoreException {
    reserve(store(0), wish(KEY, TOMORROW, 10));

    assertThat(
            store(0)
                .giveBack(
                    List.of(
                        new Leftover(KEY, false, TODAY, 9, 3),
                        new Leftover(app("nobody"), false, TODAY, 9, 3))))
        .isZero();
    assertThat(store(0).find(List.of(KEY, app("nobody"))))
        .isEqualTo(Map.of(KEY, new CounterState(TOMORROW, AFTER_TOMORROW, 9, NOW)));
  }

  @Test
  void takesBackManyAtOnce() throws StoreException {
    reserve(store(0), wish(app("a"), TODAY, 10));
    reserve(store(0), wish(app("b"), TODAY, 10));
    reserve(store(0), wish(app("b"), TODAY, 10));

    assertThat(
            store(0)
                .giveBack(
                    List.of(
                        new Leftover(app("a"), false, TODAY, 9, -1),
                        new Leftover(app("b"), false, TODAY, 9, 5))))
        .isEqualTo(1);
    assertThat(store(0).find(List.of(app("a"), app("b"))))
        .containsEntry(app("a"), new CounterState(TODAY, TOMORROW, -1, NOW))
        .containsEntry(app("b"), new CounterState(TODAY, TOMORROW, 19, NOW));
  }

  @Test
  void namesThatDifferInOneByteAreOtherCounters() throws StoreException {
    String longest = "é".repeat(127);
    List<CounterKey> keys =
        List.of(
            app("test"),
            app("Test"),
            app("tést"),
            app("te\u0301st"),
            app("test "),
            app(" test"),
            app("test\u00a0"),
            app("ss"),
            app("ß"),
            app("😀"),
            app("😁"),
            app("back\\slash"),
            app("back\\\\slash"),
            app("'"),
            app("%"),
            app("_"),
            app(longest + "a"),
            app(longest + "b"),
            new CounterKey("a_b", "c"),
            new CounterKey("a", "b_c"),
            new CounterKey("Order", "test"),
            new CounterKey("order ", "test"));
    for (CounterKey key : keys) {
      assertThat(reserve(store(0), wish(key, TODAY, 10)).first()).as(key.toString()).isZero();
    }

    assertThat(store(0).find(keys)).containsOnlyKeys(keys);
    // and at once, where rows are found by a list of names
    assertThat(store(0).reserve(keys.stream().map(key -> wish(key, TODAY, 10)).toList()))
        .extracting(Grant::first)
        .containsOnly(10L);
  }

  @Test
  void eachNodeHasRowsOfItsOwn() throws StoreException {
    reserve(store(0), wish(KEY, TODAY, 10));

    assertThat(store(1).find(List.of(KEY))).isEmpty();
    assertThat(reserve(store(1), wish(KEY, TODAY, 10)).first()).isZero();
    assertThat(store(1).giveBack(List.of(new Leftover(KEY, false, TODAY, 9, 3)))).isEqualTo(1);
    assertThat(reserve(store(0), wish(KEY, TODAY, 10)).first()).isEqualTo(10);
  }

  @Test
  void aStorageThatCameBackOlderIsRepairedAboveWhatIsKnown() throws StoreException {
    reserve(store(0), wish(KEY, TODAY, 10));

    assertThat(reserve(store(0), knowing(TODAY, 9)).repaired()).isFalse();
    assertThat(reserve(store(0), knowing(TODAY, 499)))
        .isEqualTo(new Grant(TODAY, TOMORROW, 500, 10, NOW, true));
    assertThat(store(0).find(List.of(KEY)))
        .isEqualTo(Map.of(KEY, new CounterState(TODAY, TOMORROW, 509, NOW)));
    assertThat(reserve(store(0), knowing(TOMORROW, 49)))
        .isEqualTo(new Grant(TOMORROW, AFTER_TOMORROW, 50, 10, NOW, true));
  }

  @Test
  void twoProcessesOnTheSameRowNeverGetTheSameNumber() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<List<Grant>>> processes = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        BlockStore store = store(0);
        processes.add(threads.submit(() -> reserveOften(store, 100)));
      }
      Set<Long> numbers = new HashSet<>();
      for (Future<List<Grant>> process : processes) {
        for (Grant grant : process.get(60, TimeUnit.SECONDS)) {
          for (long number = grant.first(); number < grant.first() + grant.size(); number++) {
            assertThat(numbers.add(number)).as("%d for the first time", number).isTrue();
          }
        }
      }
      assertThat(numbers).hasSize(2 * 100 * 10);
      assertThat(store(0).find(List.of(KEY)))
          .isEqualTo(Map.of(KEY, new CounterState(TODAY, TOMORROW, 1999, NOW)));
    } finally {
      threads.shutdownNow();
    }
  }

  private static List<Grant> reserveOften(BlockStore store, int times) throws StoreException {
    List<Grant> grants = new ArrayList<>();
    while (grants.size() < times) {
      try {
        grants.add(reserve(store, wish(KEY, TODAY, 10)));
      } catch (ConflictException e) {
        // the other process was faster: again
      }
    }
    return grants;
  }
}
