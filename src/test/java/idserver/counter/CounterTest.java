package idserver.counter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.Counter.Parking;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CounterTest {
  private static final CounterKey KEY = new CounterKey("rule", "app");
  private static final Period DAY = Period.named("day").orElseThrow();

  /** 103, 113, 123, ... 993: 90 numbers. */
  private static final Numbering DAILY = new Numbering(new NumberRange(100, 999, 10, 3), DAY, 10);

  private static final Numbering WIDER = new Numbering(new NumberRange(100, 9999, 10, 3), DAY, 10);

  private final AtomicLong wallMs =
      new AtomicLong(Instant.parse("2026-11-22T23:59:00Z").toEpochMilli());
  private final SteadyClock clock =
      new SteadyClock(wallMs::get, () -> wallMs.get() * 1_000_000, ZoneOffset.UTC);
  private final FakeDemand demand = new FakeDemand();
  private final Counters counters = new Counters(clock, demand, 10, 3);
  private final Counter counter = requireNonNull(counters.get(KEY));
  private final StoredRow row = new StoredRow();

  private long today(Numbering numbering) {
    return numbering.period().startOf(counter.clamp(clock.now(), numbering).local());
  }

  private long draw(Numbering numbering) {
    return counter.draw(numbering, today(numbering));
  }

  private List<Long> draw(int count) {
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(draw(DAILY));
    }
    return numbers;
  }

  private Parking park(Waiting request) {
    return counter.park(request, DAILY, today(DAILY));
  }

  private Wish wish() {
    return counter.wish(clock.now()).orElseThrow();
  }

  private void grant(long size) {
    Wish wish = wish();
    counter.granted(wish, row.reserve(wish, size));
  }

  /** Has a block of that size in hand, nothing drawn and nothing asked for. */
  private void begin(long size) {
    assertThat(park(new FakeWaiting())).isEqualTo(Parking.PARKED);
    grant(size);
    demand.asked.clear();
  }

  /** Draws all 90 numbers, and learns that there are no more. */
  private List<Long> useUp() {
    begin(10);
    List<Long> numbers = new ArrayList<>();
    long number = draw(DAILY);
    while (number != Counter.EXHAUSTED) {
      if (number == Counter.EMPTY) {
        park(new FakeWaiting());
        grant(10);
      } else {
        numbers.add(number);
      }
      number = draw(DAILY);
    }
    return numbers;
  }

  private void toTheNextDay() {
    wallMs.addAndGet(86_400_000);
  }

  @Test
  void issuesMinPlusOffsetFirstAndThenEveryStepthNumber() {
    begin(5);

    assertThat(draw(5)).containsExactly(103L, 113L, 123L, 133L, 143L);
  }

  @Test
  void goesOnIntoTheNextBlockWithoutAGap() {
    begin(4);
    assertThat(draw(3)).containsExactly(103L, 113L, 123L);
    grant(4);

    assertThat(draw(5)).containsExactly(133L, 143L, 153L, 163L, 173L);
  }

  @Test
  void asksExactlyOncePerBlockWhenHalfOfItIsLeft() {
    begin(10);

    draw(5);
    assertThat(demand.asked).isEmpty();
    draw(1);
    assertThat(demand.asked).containsExactly(counter);
    draw(4);
    assertThat(demand.asked).hasSize(1);
    grant(10);
    draw(5);
    assertThat(demand.asked).hasSize(1);
    draw(1);
    assertThat(demand.asked).hasSize(2);
  }

  @Test
  void aBlockOfOneNumberAsksForTheNextAtOnce() {
    begin(1);

    assertThat(draw(1)).containsExactly(103L);
    assertThat(demand.asked).hasSize(1);
    assertThat(draw(DAILY)).isEqualTo(Counter.EMPTY);
  }

  @Test
  void waitsUntilTheFirstBlockIsGranted() {
    FakeWaiting request = new FakeWaiting();

    assertThat(draw(DAILY)).isEqualTo(Counter.EMPTY);
    assertThat(demand.asked).isEmpty();
    assertThat(park(request)).isEqualTo(Parking.PARKED);
    assertThat(demand.asked).containsExactly(counter);
    assertThat(counters.waiting()).isEqualTo(1);
    assertThat(request.told).isEmpty();
    grant(5);

    assertThat(request.told).containsExactly("resume");
    assertThat(counters.waiting()).isZero();
    assertThat(draw(DAILY)).isEqualTo(103);
  }

  @Test
  void aGrantGoesOnWithAsManyAsItCanServeOldestFirst() {
    FakeWaiting first = new FakeWaiting(3);
    FakeWaiting second = new FakeWaiting(2);
    FakeWaiting third = new FakeWaiting(1);
    park(first);
    park(second);
    park(third);
    demand.asked.clear();

    grant(4);
    assertThat(first.told).containsExactly("resume");
    assertThat(second.told).containsExactly("resume");
    assertThat(third.told).isEmpty();
    assertThat(demand.asked).as("a block for the third").hasSize(1);
    grant(4);
    assertThat(third.told).containsExactly("resume");
    assertThat(first.told).hasSize(1);
  }

  @Test
  void aRequestForMoreThanABlockIsServedAllTheSame() {
    FakeWaiting large = new FakeWaiting(1_000);
    park(large);
    grant(1);

    assertThat(large.told).containsExactly("resume");
  }

  @Test
  void wishesForWhatParkedRequestsNeed() {
    park(new FakeWaiting(30));
    park(new FakeWaiting(12));

    assertThat(wish().size()).isEqualTo(42);
  }

  @Test
  void aGrantBetweenDrawAndParkIsSeen() {
    park(new FakeWaiting());
    assertThat(draw(DAILY)).isEqualTo(Counter.EMPTY);
    grant(5);
    FakeWaiting request = new FakeWaiting();

    assertThat(park(request)).isEqualTo(Parking.RETRY);
    assertThat(request.told).isEmpty();
    assertThat(draw(DAILY)).isEqualTo(103);
  }

  @Test
  void isExhaustedUntilTheNextPeriod() {
    assertThat(useUp()).hasSize(90).doesNotHaveDuplicates().startsWith(103L).endsWith(993L);

    assertThat(park(new FakeWaiting())).isEqualTo(Parking.RETRY);
    assertThat(draw(DAILY)).isEqualTo(Counter.EXHAUSTED);

    toTheNextDay();
    assertThat(draw(DAILY)).isEqualTo(Counter.EMPTY);
    FakeWaiting request = new FakeWaiting();
    assertThat(park(request)).isEqualTo(Parking.PARKED);
    grant(5);
    assertThat(request.told).containsExactly("resume");
    assertThat(draw(DAILY)).isEqualTo(103);
  }

  @Test
  void whoWaitsAtAnExhaustedCounterIsToldSo() {
    FakeWaiting request = new FakeWaiting();
    park(request);
    counter.granted(wish(), Grant.exhausted(today(DAILY), 0, 0));

    assertThat(request.told).containsExactly("resume");
    assertThat(draw(DAILY)).isEqualTo(Counter.EXHAUSTED);
  }

  @Test
  void beginsANewPeriodAtTheFirstNumber() {
    begin(10);
    draw(3);
    toTheNextDay();

    assertThat(draw(DAILY)).isEqualTo(Counter.EMPTY);
    park(new FakeWaiting());
    grant(10);
    assertThat(draw(2)).containsExactly(103L, 113L);
  }

  @Test
  void aRequestOfTheOldPeriodIsNotServedFromTheNewBlock() {
    begin(10);
    long yesterday = today(DAILY);
    toTheNextDay();
    park(new FakeWaiting());
    grant(10);

    assertThat(counter.draw(DAILY, yesterday)).isEqualTo(Counter.MOVED_ON);
    assertThat(counter.park(new FakeWaiting(), DAILY, yesterday)).isEqualTo(Parking.RETRY);
    assertThat(counter.draw(DAILY, today(DAILY))).isEqualTo(103);
  }

  @Test
  void aGrantOfALaterPeriodThanWishedForMovesOn() {
    long today = today(DAILY);
    FakeWaiting request = new FakeWaiting();
    park(request);
    Wish wish = wish();
    counter.granted(wish, new Grant(today + 86_400, 0, 103, 5, clock.now().epochSecond() + 60));

    assertThat(request.told).containsExactly("resume");
    assertThat(counter.draw(DAILY, today)).isEqualTo(Counter.MOVED_ON);
    assertThat(draw(DAILY)).isEqualTo(103);
  }

  @Test
  void theClockOfACounterIsNeverBeforeItsLatestReservation() {
    park(new FakeWaiting());
    long later = clock.now().epochSecond() + 30;
    counter.granted(wish(), new Grant(today(DAILY), 0, 103, 1, later));
    draw(1);

    assertThat(counter.clamp(clock.now(), DAILY).epochSecond()).isEqualTo(later);
    assertThat(counter.clamp(clock.now(), DAILY).local())
        .isEqualTo(LocalDateTime.parse("2026-11-22T23:59:30"));
    assertThat(wish().epochSecond()).isEqualTo(later);
  }

  @Test
  void theClockOfACounterIsNeverBeforeItsPeriod() {
    park(new FakeWaiting());
    counter.granted(wish(), new Grant(today(DAILY) + 86_400, 0, 103, 5, 0));

    assertThat(counter.clamp(clock.now(), DAILY).local())
        .isEqualTo(LocalDateTime.parse("2026-11-23T00:00:00"));
    wallMs.addAndGet(61_000);
    assertThat(counter.clamp(clock.now(), DAILY)).isSameAs(clock.now());
  }

  @Test
  void aWishTellsWhatIsKnown() {
    park(new FakeWaiting());
    assertThat(wish())
        .isEqualTo(
            new Wish(
                KEY,
                DAILY,
                today(DAILY),
                10,
                Long.MIN_VALUE,
                0,
                NumberRange.NOTHING_RESERVED,
                clock.now().epochSecond()));
    grant(5);
    draw(5);

    assertThat(wish().knownPeriod()).isEqualTo(today(DAILY));
    assertThat(wish().knownReserved()).isEqualTo(143);
  }

  @Test
  void nothingIsWishedForThatNobodyWants() {
    assertThat(counter.wish(clock.now())).isEmpty();

    begin(10);
    assertThat(counter.wish(clock.now())).isEmpty();
  }

  @Test
  void refusesToParkMoreThanItsBound() {
    park(new FakeWaiting());
    park(new FakeWaiting());
    park(new FakeWaiting());

    assertThat(park(new FakeWaiting())).isEqualTo(Parking.FULL);
    assertThat(counters.waiting()).isEqualTo(3);
  }

  @Test
  void refusesWhenTheQueueOfWantedBlocksIsFull() {
    demand.full = true;
    FakeWaiting request = new FakeWaiting();

    assertThat(park(request)).isEqualTo(Parking.FULL);
    assertThat(counters.waiting()).isZero();
    demand.full = false;
    assertThat(park(request)).isEqualTo(Parking.PARKED);
    assertThat(demand.asked).hasSize(1);
  }

  @Test
  void doesNotWaitForAStoreThatIsDownButStillAsksForABlock() {
    demand.down = true;

    assertThat(park(new FakeWaiting())).isEqualTo(Parking.HOPELESS);
    assertThat(counters.waiting()).isZero();
    assertThat(demand.asked).containsExactly(counter);
  }

  @Test
  void aBlockInHandIsUsedWhileTheStoreIsDown() {
    begin(3);
    demand.down = true;

    assertThat(draw(3)).containsExactly(103L, 113L, 123L);
    assertThat(park(new FakeWaiting())).isEqualTo(Parking.HOPELESS);
  }

  @Test
  void aFailureRefusesAllWhoWaitAndTheWishStands() {
    FakeWaiting request = new FakeWaiting();
    park(request);
    Wish wish = wish();

    counter.failed();

    assertThat(request.told).containsExactly("giveUp");
    assertThat(counters.waiting()).isZero();
    assertThat(wish()).isEqualTo(wish);
    grant(5);
    assertThat(request.told).hasSize(1);
    assertThat(draw(DAILY)).isEqualTo(103);
  }

  @Test
  void closingRefusesEverything() {
    FakeWaiting request = new FakeWaiting();
    park(request);
    Wish wish = wish();

    assertThat(counter.close()).isEmpty();

    assertThat(request.told).containsExactly("closed");
    assertThat(draw(DAILY)).isEqualTo(Counter.CLOSED);
    assertThat(park(new FakeWaiting())).isEqualTo(Parking.CLOSED);
    assertThat(counter.wish(clock.now())).isEmpty();
    counter.granted(wish, row.reserve(wish));
    assertThat(draw(DAILY)).isEqualTo(Counter.CLOSED);
    assertThat(counter.close()).isEmpty();
    assertThat(request.told).hasSize(1);
  }

  @Test
  void aBlockInHandIsNotUsedAfterTheClose() {
    begin(10);
    draw(2);
    counter.close();

    assertThat(draw(DAILY)).isEqualTo(Counter.CLOSED);
  }

  @Test
  void tellsWhatIsLeftOfTheBlockInHand() {
    begin(10);
    draw(3);

    assertThat(counter.close()).contains(new Leftover(KEY, false, today(DAILY), 193, 123));
    assertThat(counter.close()).isEmpty();
  }

  @Test
  void tellsNothingWhenNothingIsLeft() {
    begin(3);
    draw(3);

    assertThat(counter.close()).isEmpty();
  }

  @Test
  void theFollowingBlockIsLeftAsWell() {
    begin(4);
    draw(3);
    grant(4);

    assertThat(counter.close()).contains(new Leftover(KEY, false, today(DAILY), 173, 123));
  }

  @Test
  void aFollowingBlockThatDoesNotJoinIsLeftAlone() {
    begin(4);
    draw(3);
    // 143 to 153 are somebody else's
    counter.granted(wish(), new Grant(today(DAILY), 0, 163, 3, 0));

    Leftover leftover = counter.close().orElseThrow();
    assertThat(leftover.reserved()).isEqualTo(183);
    assertThat(leftover.issued()).isBetween(153L, 162L);
  }

  @Test
  void anUntouchedBlockIsLeftWhole() {
    begin(4);

    Leftover leftover = counter.close().orElseThrow();
    assertThat(leftover.reserved()).isEqualTo(133);
    assertThat(DAILY.range().firstAbove(leftover.issued())).isEqualTo(103);
  }

  @Test
  void nothingIsLeftOfAnOldPeriod() {
    begin(4);
    toTheNextDay();
    park(new FakeWaiting());
    counter.granted(wish(), Grant.exhausted(today(DAILY), 0, 0));

    assertThat(counter.close()).isEmpty();
  }

  @Test
  void aRangeThatWasWidenedServesWhoWasExhausted() {
    useUp();

    assertThat(draw(WIDER)).isEqualTo(Counter.EMPTY);
    FakeWaiting request = new FakeWaiting();
    assertThat(counter.park(request, WIDER, today(WIDER))).isEqualTo(Parking.PARKED);
    grant(5);
    assertThat(request.told).containsExactly("resume");
    assertThat(draw(WIDER)).isEqualTo(1_003);
  }

  @Test
  void anotherRangeIsNotServedFromTheBlockInHand() {
    begin(10);
    draw(2);

    assertThat(draw(WIDER)).isEqualTo(Counter.EMPTY);
    counter.park(new FakeWaiting(), WIDER, today(WIDER));
    grant(5);
    assertThat(draw(WIDER)).isEqualTo(203);
    assertThat(draw(DAILY)).isEqualTo(Counter.EMPTY);
  }

  @Test
  void aChangedBatchSaveAloneGoesOnWithTheBlockInHand() {
    begin(10);
    draw(2);

    assertThat(draw(new Numbering(DAILY.range(), DAY, 500))).isEqualTo(123);
  }

  @Test
  void tellsTheLastNumberIssued() {
    assertThat(counter.lastIssued()).isEmpty();
    begin(10);
    assertThat(counter.lastIssued()).hasValueSatisfying(last -> assertThat(last).isLessThan(100));

    draw(3);

    assertThat(counter.lastIssued()).isEqualTo(Optional.of(123L));
  }

  @Test
  void goesOnAboveTheNumberItIsRaisedTo() {
    begin(10);
    assertThat(draw(2)).containsExactly(103L, 113L);

    assertThat(counter.raise(DAILY.period(), today(DAILY), 500)).isTrue();

    assertThat(draw(DAILY)).isEqualTo(Counter.EMPTY);
    FakeWaiting waiting = new FakeWaiting();
    assertThat(park(waiting)).isEqualTo(Parking.PARKED);
    Wish wish = wish();
    assertThat(wish.knownReserved()).isEqualTo(500);
    counter.granted(wish, new Grant(wish.period(), 0, 503, 5, wish.epochSecond()));
    assertThat(waiting.told).containsExactly("resume");
    assertThat(draw(2)).containsExactly(503L, 513L);
  }

  @Test
  void isNotRaisedToWhereItIs() {
    begin(10);
    draw(3);

    assertThat(counter.raise(DAILY.period(), today(DAILY), 123)).isFalse();
    assertThat(counter.raise(DAILY.period(), today(DAILY), 100)).isFalse();
    assertThat(counter.raise(DAILY.period(), today(DAILY), 132))
        .as("a number of another server")
        .isFalse();

    assertThat(draw(DAILY)).isEqualTo(133);
    assertThat(counter.raise(DAILY.period(), today(DAILY), 143)).isTrue();
  }

  @Test
  void aBlockThatWasOnItsWayWhenTheCounterWasRaisedIsLeftOut() {
    begin(4);
    draw(3);
    Wish before = wish();
    assertThat(counter.raise(DAILY.period(), today(DAILY), 700)).isTrue();
    FakeWaiting waiting = new FakeWaiting();
    assertThat(park(waiting)).isEqualTo(Parking.PARKED);

    counter.granted(before, row.reserve(before, 4));

    assertThat(waiting.told).isEmpty();
    assertThat(draw(DAILY)).isEqualTo(Counter.EMPTY);
    Wish after = wish();
    assertThat(after.knownReserved()).isEqualTo(700);
    counter.granted(after, new Grant(after.period(), 0, 703, 4, after.epochSecond()));
    assertThat(waiting.told).containsExactly("resume");
    assertThat(draw(DAILY)).isEqualTo(703);
  }

  @Test
  void theNextPeriodBeginsAtTheFirstNumberAfterARaise() {
    begin(10);
    counter.raise(DAILY.period(), today(DAILY), 900);
    toTheNextDay();

    park(new FakeWaiting());
    Wish wish = wish();

    assertThat(wish.period()).isEqualTo(today(DAILY));
    counter.granted(wish, new Grant(wish.period(), 0, 103, 5, wish.epochSecond()));
    assertThat(draw(DAILY)).isEqualTo(103);
  }

  @Test
  void aCounterThatIsClosedIsNotRaised() {
    begin(10);
    counter.close();

    assertThat(counter.raise(DAILY.period(), today(DAILY), 500)).isFalse();
  }

  @Test
  void tellsHowItIs() {
    begin(10);
    draw(3);

    assertThat(counter.view())
        .isEqualTo(new CounterView(KEY, today(DAILY), 193, Optional.of(123L), 7));
  }

  @Test
  void tellsWhichShareOfItsRangeIsUsedInThePeriod() {
    assertThat(counter.usedShare(DAILY.range(), today(DAILY))).isZero();

    useUp();
    long today = today(DAILY);

    assertThat(counter.usedShare(DAILY.range(), today)).isEqualTo(1);
    assertThat(counter.usedShare(WIDER.range(), today)).isZero();
    wallMs.addAndGet(120_000);
    assertThat(counter.usedShare(DAILY.range(), today(DAILY))).isZero();
  }
}
