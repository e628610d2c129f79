package idserver.strict;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.CounterKey;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.SteadyClock;
import idserver.reserve.InMemoryBlockStore;
import idserver.reserve.InMemoryBlockStore.Outcome;
import idserver.reserve.Reservations;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LinesTest {
  private static final CounterKey KEY = new CounterKey("ticket", "shop");
  private static final CounterKey OTHER = new CounterKey("ticket", "other");
  private static final Numbering DAILY = numbering(0, 99, "day");
  private static final int MOST_WAITING = 5;

  private final InMemoryBlockStore.Storage storage = new InMemoryBlockStore.Storage();
  private final Server one = new Server();
  private final Server two = new Server();

  private static Numbering numbering(long min, long max, String period) {
    return new Numbering(
        NumberRange.shared(min, max), Period.named(period).orElseThrow(), 10, Optional.empty());
  }

  /** A server on the common store, with a writer that runs when it is told to. */
  private final class Server {
    long second = LocalDateTime.parse("2026-11-22T23:59:50").toEpochSecond(ZoneOffset.UTC);
    final SteadyClock clock =
        new SteadyClock(() -> second * 1000, () -> second * 1_000_000_000L, ZoneOffset.UTC);
    final Deque<Outcome> outcomes = new ArrayDeque<>();
    final InterruptedStore store =
        new InterruptedStore(
            new InMemoryBlockStore(
                storage, -1, () -> outcomes.isEmpty() ? Outcome.WORKS : outcomes.remove()));
    final Deque<Reservations> writers = new ArrayDeque<>();
    final Reservations reservations = new Reservations(store, clock, 1, 10, writers::add);
    final Lines lines = new Lines(reservations, clock, MOST_WAITING);

    Told ask(CounterKey key, Numbering numbering, int count) {
      Told told = new Told();
      lines.take(key, numbering, count, Long.MAX_VALUE / 2 + System.nanoTime(), told);
      return told;
    }

    Told ask(int count) {
      return ask(KEY, DAILY, count);
    }

    Told ask() {
      return ask(1);
    }

    void write() {
      while (!writers.isEmpty()) {
        writers.remove().drain();
      }
    }

    long next() {
      Told told = ask();
      write();
      return told.number();
    }

    void expireAll() {
      lines.expire(Long.MAX_VALUE / 2 + System.nanoTime());
    }
  }

  @Test
  void thoseWhoWaitShareOneCommitAndHaveNumbersInTheOrderInWhichTheyCame() {
    List<Told> asked = Stream.generate(one::ask).limit(4).toList();
    assertThat(asked).allMatch(told -> told.times() == 0);

    one.write();

    assertThat(asked).extracting(Told::number).containsExactly(0L, 1L, 2L, 3L);
    assertThat(one.store.sizes).containsExactly(4L);
    assertThat(one.lines.waiting()).isZero();
  }

  @Test
  void aRequestForSeveralHasThemOneAfterTheOther() {
    Told first = one.ask(3);
    Told second = one.ask(2);
    Told third = one.ask();
    one.write();

    assertThat(List.of(first.number(), second.number(), third.number()))
        .containsExactly(0L, 3L, 5L);
    assertThat(two.next()).isEqualTo(6);
  }

  @Test
  void noNumberIsReservedThatNobodyAsksFor() {
    one.next();
    assertThat(two.next()).isEqualTo(1);
    assertThat(one.next()).isEqualTo(2);
  }

  @Test
  void countersShareOneCommitAndHaveNumbersOfTheirOwn() {
    Told here = one.ask();
    Told there = one.ask(OTHER, DAILY, 1);
    one.write();

    assertThat(here.number()).isZero();
    assertThat(there.number()).isZero();
    assertThat(one.reservations.committed()).isEqualTo(1);
  }

  @Test
  void whoComesDuringTheCommitWaitsForTheNextEvenIfNumbersAreLeft() {
    Told first = one.ask();
    Told second = one.ask();
    Told[] late = new Told[1];
    long[] elsewhere = {-1};
    one.store.afterCommit =
        () -> {
          one.store.afterCommit = () -> {};
          one.expireAll();
          elsewhere[0] = two.next();
          late[0] = one.ask();
        };
    one.write();

    assertThat(first.refused).containsExactly("late");
    assertThat(second.refused).containsExactly("late");
    assertThat(elsewhere[0]).isEqualTo(2);
    assertThat(late[0].number()).isEqualTo(3);
    assertThat(one.store.sizes).containsExactly(2L, 1L);
  }

  @Test
  void whoIsLateBeforeTheWishCostsNoNumber() {
    Told late = one.ask();
    one.expireAll();
    Told inTime = one.ask();
    one.write();

    assertThat(late.refused).containsExactly("late");
    assertThat(inTime.number()).isZero();
    assertThat(late.times()).isEqualTo(1);
  }

  @Test
  void ofACommitInDoubtNoNumberIsEverGiven() {
    one.outcomes.add(Outcome.ANSWER_LOST);
    Told first = one.ask();
    Told second = one.ask(2);
    one.write();

    assertThat(first.refused).containsExactly("unavailable");
    assertThat(second.refused).containsExactly("unavailable");
    // 0 to 2 may be in the store, and one more was reserved to see whether it is back
    assertThat(one.next()).isEqualTo(4);
    assertThat(two.next()).isEqualTo(5);
    assertThat(one.next()).isEqualTo(6);
  }

  @Test
  void whileTheStoreIsDownWhoAsksIsRefusedAtOnceAndItIsSeenWhenItIsBack() {
    one.outcomes.add(Outcome.FAILS);
    one.outcomes.add(Outcome.FAILS);
    Told first = one.ask();
    Told[] second = new Told[1];
    one.store.beforeCommit =
        () -> {
          if (one.reservations.isDown() && second[0] == null) {
            second[0] = one.ask();
          }
        };
    one.write();

    assertThat(first.refused).containsExactly("unavailable");
    assertThat(second[0].refused).containsExactly("unavailable");
    assertThat(one.reservations.isDown()).isFalse();
    assertThat(one.next()).isEqualTo(1);
  }

  @Test
  void afterAConflictItIsTriedAgainWithAllWhoWaitByThen() {
    one.outcomes.add(Outcome.CONFLICTS);
    Told first = one.ask();
    Told[] second = new Told[1];
    one.store.beforeCommit =
        () -> {
          if (second[0] == null) {
            second[0] = one.ask();
          }
        };
    one.write();

    assertThat(first.number()).isZero();
    assertThat(second[0].number()).isEqualTo(1);
    assertThat(one.store.sizes).containsExactly(1L, 2L);
  }

  @Test
  void conflictsOneUponTheOtherEndInThatItIsTriedAgainLater() {
    for (int i = 0; i < 6; i++) {
      one.outcomes.add(Outcome.CONFLICTS);
    }
    assertThat(one.next()).isZero();
    assertThat(one.reservations.isDown()).isFalse();
  }

  @Test
  void whereTheRangeEndsWithinAWishThoseWithoutANumberAreRefused() {
    Numbering few = numbering(0, 3, "day");
    Told first = one.ask(KEY, few, 2);
    Told second = one.ask(KEY, few, 3);
    Told third = one.ask(KEY, few, 1);
    Told fourth = one.ask(KEY, few, 2);
    one.write();

    assertThat(first.number()).isZero();
    assertThat(second.refused).containsExactly("exhausted");
    assertThat(third.number()).isEqualTo(2);
    assertThat(fourth.refused).containsExactly("exhausted");
    Told next = two.ask(KEY, few, 1);
    two.write();
    assertThat(next.refused).containsExactly("exhausted");
  }

  @Test
  void aPeriodBeginsForAllServersWhenItBeginsForOne() {
    one.next();
    two.second += 15;
    assertThat(two.next()).isZero();

    // its own clock is still in the day before
    Told told = one.ask();
    one.write();

    assertThat(told.number()).isEqualTo(1);
    Numbers numbers = told.given.get(0);
    assertThat(numbers.moment().local()).isEqualTo("2026-11-23T00:00:05");
    assertThat(numbers.moment().local().toLocalDate()).isEqualTo(LocalDate.of(2026, 11, 23));
    assertThat(DAILY.period().startOf(numbers.moment().local())).isEqualTo(numbers.period());
  }

  @Test
  void aPeriodThatBeginsDuringTheCommitLeavesMomentAndNumberInTheOneBefore() {
    one.store.afterCommit = () -> one.second += 60;
    Told before = one.ask();
    one.write();
    one.store.afterCommit = () -> {};
    Told after = one.ask();
    one.write();

    assertThat(before.given.get(0).moment().local()).isEqualTo("2026-11-22T23:59:50");
    assertThat(after.number()).isZero();
    assertThat(after.given.get(0).moment().local()).isEqualTo("2026-11-23T00:00:50");
  }

  @Test
  void aZoneInWhichItIsAlreadyTheNextDayTakesNoNumberOfTheDayBefore() {
    one.next();
    Numbering east =
        new Numbering(DAILY.range(), DAILY.period(), 10, Optional.of(ZoneOffset.ofHours(8)));
    Told told = one.ask(KEY, east, 1);
    one.write();

    Numbers numbers = told.given.get(0);
    assertThat(numbers.moment().local()).isEqualTo("2026-11-23T07:59:50");
    assertThat(numbers.period()).isEqualTo(east.period().startOf(numbers.moment().local()));
    assertThat(numbers.first()).isZero();
  }

  @Test
  void whereTheClockWasAheadBeforeTheRuleHadPeriodsTheNextOneBegins() {
    two.second += 15;
    Told never = two.ask(KEY, numbering(0, 99, "never"), 1);
    two.write();
    Told daily = one.ask();
    one.write();

    assertThat(never.number()).isZero();
    Numbers numbers = daily.given.get(0);
    assertThat(numbers.moment().local()).isEqualTo("2026-11-23T00:00:05");
    assertThat(numbers.period()).isEqualTo(DAILY.period().startOf(numbers.moment().local()));
    // those of the day before, which nobody has
    assertThat(one.store.sizes).containsExactly(1L, 1L);
  }

  @Test
  void requestsOfDifferentRangesWishApartAndInTheirOrder() {
    Told first = one.ask();
    Told second = one.ask(KEY, numbering(50, 99, "day"), 1);
    Told third = one.ask();
    one.write();

    assertThat(List.of(first.number(), second.number(), third.number()))
        .containsExactly(0L, 50L, 51L);
  }

  @Test
  void aCounterGoesOnAboveNumbersThatAreInUseElsewhere() {
    one.next();
    Told before = one.ask();
    Told raised = new Told();
    one.lines.raise(KEY, DAILY, 50, Long.MAX_VALUE, raised);
    Told after = one.ask();
    one.write();

    assertThat(before.number()).isEqualTo(1);
    assertThat(raised.number()).isEqualTo(50);
    assertThat(after.number()).isEqualTo(51);
    assertThat(two.next()).isEqualTo(52);

    Told lower = new Told();
    two.lines.raise(KEY, DAILY, 20, Long.MAX_VALUE, lower);
    two.write();
    assertThat(lower.number()).isGreaterThan(52);
    Told first = new Told();
    two.lines.raise(OTHER, DAILY, 0, Long.MAX_VALUE, first);
    two.write();
    assertThat(first.number()).isZero();
  }

  @Test
  void tooManyAreNotLetIn() {
    for (int i = 0; i < MOST_WAITING; i++) {
      one.ask();
    }
    assertThat(one.ask().refused).containsExactly("crowded");
    one.write();
    assertThat(one.next()).isEqualTo(MOST_WAITING);
  }

  @Test
  void aStopRefusesThoseWhoWaitAndThoseWhoCome() {
    Told waiting = one.ask();
    one.lines.stop();
    one.reservations.stop();
    Told after = one.ask();
    one.write();

    assertThat(waiting.refused).containsExactly("closed");
    assertThat(after.refused).containsExactly("closed");
    assertThat(one.lines.waiting()).isZero();
  }

  @Test
  void oneWhoFailsDoesNotKeepTheOthersFromTheirNumbers() {
    one.lines.take(
        KEY,
        DAILY,
        1,
        Long.MAX_VALUE / 2 + System.nanoTime(),
        new Taker() {
          @Override
          public void given(Numbers numbers) {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public void exhausted() {}

          @Override
          public void late() {}

          @Override
          public void unavailable() {}

          @Override
          public void crowded() {}

          @Override
          public void closed() {}
        });
    assertThat(one.next()).isEqualTo(1);
  }
}
