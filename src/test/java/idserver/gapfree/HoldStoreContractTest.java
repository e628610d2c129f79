package idserver.gapfree;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.CounterKey;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.SteadyClock;
import idserver.gapfree.Outcome.Cancelled;
import idserver.gapfree.Outcome.Confirmed;
import idserver.gapfree.Outcome.Given;
import idserver.gapfree.Outcome.Reason;
import idserver.gapfree.Outcome.Refused;
import idserver.gapfree.Outcome.Source;
import idserver.reserve.ConflictException;
import idserver.reserve.StoreException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every store of gap-free numbers promises. To be inherited by the test of each. */
public abstract class HoldStoreContractTest {
  protected static final CounterKey KEY = new CounterKey("invoice", "shop");
  private static final int HOLD_S = 60;
  private static final long NOON = 1_795_348_800; // 2026-11-22T12:00Z
  private static final Map<CounterKey, Mark> NO_MARKS = Map.of();

  /** Seconds of the machine's and of the database's clock; to be moved by the tests. */
  private final AtomicLong nowSecond = new AtomicLong(NOON);

  private final AtomicLong databaseSecond = new AtomicLong(NOON);

  private final SteadyClock clock =
      new SteadyClock(
          () -> nowSecond.get() * 1000, () -> nowSecond.get() * 1_000_000_000L, ZoneOffset.UTC);

  /** A store on the one storage of this test, which is empty when the test begins. */
  protected abstract HoldStore store() throws Exception;

  /** For the stores: the time of which ids are made. */
  protected final SteadyClock clock() {
    return clock;
  }

  /** For the stores: the database's clock. */
  protected final long databaseSecond() {
    return databaseSecond.get();
  }

  private static Numbering numbering(long max, String period) {
    return new Numbering(NumberRange.shared(1, max), Period.named(period).orElseThrow(), 1);
  }

  private static final Numbering YEARLY = numbering(999_999, "year");
  private static final Numbering DAILY = numbering(999_999, "day");

  protected static Ask.Take take(String request) {
    return take(KEY, request, YEARLY);
  }

  private static Ask.Take take(CounterKey key, String request, Numbering numbering) {
    return new Ask.Take(
        key, request, numbering, HOLD_S, (number, moment) -> number + "@" + moment.local());
  }

  protected static Ask confirm(String request) {
    return new Ask.Confirm(KEY, request);
  }

  private static Ask cancel(String request) {
    return new Ask.Cancel(KEY, request);
  }

  private List<Outcome> settle(Ask... asks) throws Exception {
    return store().settle(List.of(asks), NO_MARKS).outcomes();
  }

  private Outcome one(Ask ask) throws Exception {
    return settle(ask).get(0);
  }

  private long number(Ask.Take take) throws Exception {
    return ((Given) one(take)).number();
  }

  private static Given given(long number, Source source) {
    return new Given(number + "@2026-11-22T12:00", number, source);
  }

  private void pass(long seconds) {
    nowSecond.addAndGet(seconds);
    databaseSecond.addAndGet(seconds);
  }

  @Test
  void numbersAreGivenInTheirOrder() throws Exception {
    assertThat(one(take("a"))).isEqualTo(given(1, Source.NEW));
    assertThat(one(take("b"))).isEqualTo(given(2, Source.NEW));
    assertThat(settle(take("c"), take("d")))
        .containsExactly(given(3, Source.NEW), given(4, Source.NEW));
  }

  @Test
  void whoAsksAgainHasTheSameIdEvenWhenItIsConfirmed() throws Exception {
    one(take("a"));
    pass(30);

    assertThat(one(take("a"))).isEqualTo(given(1, Source.REPEATED));
    one(confirm("a"));
    assertThat(one(take("a"))).isEqualTo(given(1, Source.REPEATED));
    assertThat(number(take("b"))).isEqualTo(2);
  }

  @Test
  void twoOfTheSameRequestInOneBatchHaveOneNumber() throws Exception {
    assertThat(settle(take("a"), take("a"), confirm("a"), take("a")))
        .containsExactly(
            given(1, Source.NEW),
            given(1, Source.REPEATED),
            new Confirmed("1@2026-11-22T12:00", true),
            given(1, Source.REPEATED));
  }

  @Test
  void whoConfirmsAgainIsToldTheSame() throws Exception {
    one(take("a"));

    assertThat(one(confirm("a"))).isEqualTo(new Confirmed("1@2026-11-22T12:00", true));
    assertThat(one(confirm("a"))).isEqualTo(new Confirmed("1@2026-11-22T12:00", false));
  }

  @Test
  void whatNobodyHasCannotBeConfirmedAndNeedNotBeCancelled() throws Exception {
    assertThat(one(confirm("a"))).isEqualTo(new Refused(Reason.NOT_HELD, ""));
    assertThat(one(cancel("a"))).isEqualTo(new Cancelled(false));
    assertThat(number(take("b"))).isEqualTo(1);
  }

  @Test
  void whatIsCancelledGoesToTheNextTheLowestFirst() throws Exception {
    settle(take("a"), take("b"), take("c"), take("d"));
    assertThat(one(cancel("c"))).isEqualTo(new Cancelled(true));
    assertThat(one(cancel("b"))).isEqualTo(new Cancelled(true));
    assertThat(one(cancel("b"))).isEqualTo(new Cancelled(false));

    assertThat(one(confirm("b"))).isEqualTo(new Refused(Reason.NOT_HELD, ""));
    assertThat(settle(take("e"), take("f"), take("g")))
        .containsExactly(
            given(2, Source.CANCELLED), given(3, Source.CANCELLED), given(5, Source.NEW));
  }

  @Test
  void whatIsConfirmedIsNotGivenBack() throws Exception {
    settle(take("a"), confirm("a"));

    assertThat(one(cancel("a"))).isEqualTo(new Refused(Reason.ALREADY_CONFIRMED, ""));
    assertThat(one(confirm("a"))).isEqualTo(new Confirmed("1@2026-11-22T12:00", false));
  }

  @Test
  void whatIsNotConfirmedInTimeGoesToTheNext() throws Exception {
    settle(take("a"), take("b"));
    pass(HOLD_S - 1);
    assertThat(number(take("c"))).isEqualTo(3);
    pass(1);

    assertThat(one(take("d"))).isEqualTo(new Given("1@2026-11-22T12:01", 1, Source.LAPSED));
    assertThat(one(confirm("a"))).isEqualTo(new Refused(Reason.NOT_HELD, ""));
    assertThat(one(confirm("d"))).isEqualTo(new Confirmed("1@2026-11-22T12:01", true));
  }

  @Test
  void whoIsLateHasItStillUntilSomebodyTakesIt() throws Exception {
    settle(take("a"), take("b"));
    pass(10 * HOLD_S);

    assertThat(one(confirm("b"))).isEqualTo(new Confirmed("2@2026-11-22T12:00", true));
    assertThat(one(take("a"))).isEqualTo(given(1, Source.REPEATED));
    assertThat(number(take("c"))).isEqualTo(3);
  }

  @Test
  void inOneBatchALateConfirmComesBeforeTheNextWhoAsks() throws Exception {
    settle(take("a"), take("b"));
    pass(HOLD_S);

    List<Outcome> outcomes = settle(confirm("a"), take("c"), confirm("b"));
    assertThat(outcomes.get(0)).isEqualTo(new Confirmed("1@2026-11-22T12:00", true));
    assertThat(((Given) outcomes.get(1)).number()).isEqualTo(2);
    assertThat(outcomes.get(2)).isEqualTo(new Refused(Reason.NOT_HELD, ""));
  }

  @Test
  void eachRepetitionHoldsItForTheWholeTime() throws Exception {
    one(take("a"));
    pass(HOLD_S - 1);
    one(take("a"));
    pass(HOLD_S - 1);

    assertThat(number(take("b"))).isEqualTo(2);
  }

  @Test
  void theDatabasesClockTellsHowLongAndNotTheMachines() throws Exception {
    one(take("a"));
    nowSecond.addAndGet(10 * HOLD_S);
    assertThat(number(take("b"))).isEqualTo(2);

    databaseSecond.addAndGet(HOLD_S);
    assertThat(number(take("c"))).isEqualTo(1);
  }

  @Test
  void aNewPeriodBeginsAtItsFirstNumberAndLeavesTheOldOnesBehind() throws Exception {
    settle(take(KEY, "a", DAILY), take(KEY, "b", DAILY), take(KEY, "c", DAILY));
    one(cancel("a"));
    pass(86_400);

    // what was free, or not confirmed in time, stays missing in its period
    assertThat(one(take(KEY, "d", DAILY)))
        .isEqualTo(new Given("1@2026-11-23T12:00", 1, Source.NEW));
    assertThat(number(take(KEY, "e", DAILY))).isEqualTo(2);
    // but who has one of it may confirm it
    assertThat(one(confirm("b"))).isEqualTo(new Confirmed("2@2026-11-22T12:00", true));
    assertThat(one(take(KEY, "c", DAILY))).isEqualTo(given(3, Source.REPEATED));
  }

  @Test
  void aPeriodThatIsMadeShorterGoesOnAboveWhatWasGiven() throws Exception {
    settle(take(KEY, "a", YEARLY), take(KEY, "b", YEARLY));
    one(cancel("a"));

    assertThat(number(take(KEY, "c", DAILY))).isEqualTo(3);
    pass(86_400);
    // the year that the first ones were given in has not ended
    assertThat(number(take(KEY, "d", DAILY))).isEqualTo(4);
    assertThat(one(confirm("b"))).isEqualTo(new Confirmed("2@2026-11-22T12:00", true));
  }

  @Test
  void anEarlierPeriodDoesNotComeBackWithTheClockOfAnotherServer() throws Exception {
    pass(86_400);
    one(take(KEY, "a", DAILY));
    SteadyClock behind = new SteadyClock(() -> NOON * 1000, ZoneOffset.UTC);

    Given next =
        (Given) store(behind).settle(List.of(take(KEY, "b", DAILY)), NO_MARKS).outcomes().get(0);

    assertThat(next).isEqualTo(new Given("2@2026-11-23T12:00", 2, Source.NEW));
  }

  /** Another server's store, on the same storage. */
  protected abstract HoldStore store(SteadyClock itsClock) throws Exception;

  @Test
  void theLastNumberIsGivenAndThenNone() throws Exception {
    Numbering three = numbering(3, "year");
    settle(take(KEY, "a", three), take(KEY, "b", three), take(KEY, "c", three));

    assertThat(one(take(KEY, "d", three))).isEqualTo(new Refused(Reason.EXHAUSTED, ""));
    one(cancel("b"));
    assertThat(number(take(KEY, "d", three))).isEqualTo(2);
  }

  @Test
  void anIdThatCannotBeMadeTakesNoNumber() throws Exception {
    Ask.Take bad =
        new Ask.Take(
            KEY,
            "a",
            YEARLY,
            HOLD_S,
            (number, moment) -> {
              throw new IdMaker.Failure("a rule failed");
            });

    assertThat(settle(bad, take("b")))
        .containsExactly(new Refused(Reason.NO_ID, "a rule failed"), given(1, Source.NEW));
    assertThat(one(confirm("a"))).isEqualTo(new Refused(Reason.NOT_HELD, ""));
  }

  @Test
  void countersAndRequestsOfOthersAreTheirOwn() throws Exception {
    CounterKey other = new CounterKey("invoice", "Shop");

    assertThat(settle(take("a"), take(other, "a", YEARLY), take("A"), take("\u00e4")))
        .containsExactly(
            given(1, Source.NEW), given(1, Source.NEW), given(2, Source.NEW), given(3, Source.NEW));
  }

  @Test
  void aConfirmedOneIsRememberedForADayAndThenItsRowIsUsedAgain() throws Exception {
    settle(take("a"), confirm("a"));
    pass(Sheet.REMEMBERED_S - 1);
    assertThat(number(take("b"))).isEqualTo(2);
    assertThat(one(confirm("a"))).isEqualTo(new Confirmed("1@2026-11-22T12:00", false));
    one(confirm("b"));
    pass(1);

    assertThat(number(take("c"))).isEqualTo(3);
    assertThat(one(confirm("a"))).isEqualTo(new Refused(Reason.NOT_HELD, ""));
    assertThat(number(take("a"))).isEqualTo(4);
    assertThat(number(take("b"))).isEqualTo(2);
  }

  @Test
  void aDatabaseThatCameBackOlderIsGoneOnFromAndWhatItDoubtsIsGivenToNobody() throws Exception {
    settle(take("a"), take("b"), take("c"), confirm("c"));
    one(cancel("b"));
    Mark mark = mark(store().settle(List.of(confirm("x")), NO_MARKS));
    assertThat(mark.state().reserved()).isEqualTo(3);
    Mark higher = new Mark(mark.state().promising(7), mark.changes());

    Settled settled = store().settle(List.of(take("d"), confirm("a")), Map.of(KEY, higher));

    assertThat(settled.older()).containsExactly(KEY);
    assertThat(settled.outcomes())
        .containsExactly(given(8, Source.NEW), new Refused(Reason.NOT_HELD, ""));
    assertThat(mark(settled).state().reserved()).isEqualTo(8);
    pass(HOLD_S);
    assertThat(settle(confirm("d"), take("e")))
        .containsExactly(
            new Confirmed("8@2026-11-22T12:00", true),
            new Given("9@2026-11-22T12:01", 9, Source.NEW));
    assertThat(one(confirm("c"))).isEqualTo(new Confirmed("3@2026-11-22T12:00", false));
  }

  private static Mark mark(Settled settled) {
    return Objects.requireNonNull(settled.marks().get(KEY));
  }

  @Test
  void whatADatabaseMayHaveLostTheConfirmOfIsGivenToNobody() throws Exception {
    settle(take("a"), take("b"), confirm("b"));
    Mark before = mark(store().settle(List.of(confirm("b")), NO_MARKS));
    // one more change was made, with no further number
    Mark mark = new Mark(before.state(), before.changes() + 1);
    pass(HOLD_S);

    Settled settled = store().settle(List.of(take("c"), confirm("a")), Map.of(KEY, mark));

    assertThat(settled.older()).containsExactly(KEY);
    assertThat(settled.outcomes())
        .containsExactly(
            new Given("3@2026-11-22T12:01", 3, Source.NEW), new Refused(Reason.NOT_HELD, ""));
    assertThat(mark(settled).changes()).isEqualTo(mark.changes() + 1);
    // and once is enough
    assertThat(store().settle(List.of(confirm("c")), settled.marks()).older()).isEmpty();
  }

  @Test
  void everyChangeIsCounted() throws Exception {
    Mark given = mark(store().settle(List.of(take("a")), NO_MARKS));
    Mark confirmed = mark(store().settle(List.of(confirm("a")), NO_MARKS));
    Mark again = mark(store().settle(List.of(confirm("a"), take("a")), NO_MARKS));

    assertThat(given.changes()).isEqualTo(1);
    assertThat(confirmed).isEqualTo(new Mark(given.state(), 2));
    assertThat(again).isEqualTo(confirmed);
  }

  @Test
  void aMarkThatIsNotAboveTheRowChangesNothing() throws Exception {
    Settled first = store().settle(List.of(take("a")), NO_MARKS);

    Settled second = store().settle(List.of(take("b"), confirm("a")), first.marks());

    assertThat(second.older()).isEmpty();
    assertThat(second.outcomes())
        .containsExactly(given(2, Source.NEW), new Confirmed("1@2026-11-22T12:00", true));
  }

  @Test
  void aCounterIsRaisedAndNeverLowered() throws Exception {
    one(take("a"));

    assertThat(one(new Ask.Raise(KEY, YEARLY, 40))).isEqualTo(new Outcome.Raised(true));
    assertThat(one(new Ask.Raise(KEY, YEARLY, 39))).isEqualTo(new Outcome.Raised(false));
    assertThat(number(take("b"))).isEqualTo(41);
    assertThat(one(confirm("a"))).isEqualTo(new Confirmed("1@2026-11-22T12:00", true));
  }

  @Test
  void askingForNothingShowsThatTheStoreWorks() throws Exception {
    assertThat(store().settle(List.of(), NO_MARKS).outcomes()).isEmpty();
  }

  @Test
  void manyAtOnceHaveEachNumberOnceAndNoneIsLeftOut() throws Exception {
    int servers = 4;
    int each = 25;
    List<Callable<List<Long>>> racers = new ArrayList<>();
    for (int i = 0; i < servers; i++) {
      int server = i;
      HoldStore store = store();
      racers.add(
          () ->
              IntStream.range(0, each)
                  .mapToObj(n -> insist(store, take(server + "-" + n)))
                  .toList());
    }
    ExecutorService pool = Executors.newFixedThreadPool(servers);
    List<Long> numbers = new ArrayList<>();
    try {
      for (Future<List<Long>> racer : pool.invokeAll(racers, 60, TimeUnit.SECONDS)) {
        numbers.addAll(racer.get());
      }
    } finally {
      pool.shutdownNow();
    }

    assertThat(numbers)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, servers * each).mapToObj(Long::valueOf).toList());
  }

  private static long insist(HoldStore store, Ask.Take take) {
    while (true) {
      try {
        return ((Given) store.settle(List.of(take), NO_MARKS).outcomes().get(0)).number();
      } catch (ConflictException e) {
        // again
      } catch (StoreException e) {
        throw new AssertionError(e);
      }
    }
  }
}
