package idserver.counter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import idserver.counter.Counter.Parking;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Interleavings of several threads, played by hand on one. */
class CounterInterleavingsTest {
  private static final CounterKey KEY = new CounterKey("rule", "app");
  private static final Period DAY = Period.named("day").orElseThrow();
  private static final Numbering DAILY = new Numbering(new NumberRange(0, 9999, 1, 0), DAY, 10);
  private static final Numbering WIDER = new Numbering(new NumberRange(0, 99999, 1, 0), DAY, 10);

  private final AtomicLong wallMs =
      new AtomicLong(Instant.parse("2026-11-22T23:59:00Z").toEpochMilli());
  private final SteadyClock clock =
      new SteadyClock(wallMs::get, () -> wallMs.get() * 1_000_000, ZoneOffset.UTC);
  private final FakeDemand demand = new FakeDemand();
  private final Counters counters = new Counters(clock, demand, 10, 10);
  private final Counter counter = requireNonNull(counters.get(KEY));
  private final StoredRow row = new StoredRow();

  private long today() {
    return DAY.startOf(counter.clamp(clock.now(), DAILY).local());
  }

  private Parking park(Waiting request, Numbering numbering) {
    return counter.park(request, numbering, today());
  }

  private long draw(int count) {
    long last = -1;
    for (int i = 0; i < count; i++) {
      last = counter.draw(DAILY, today());
      assertThat(last).isNotNegative();
    }
    return last;
  }

  private void grantIfWanted(long size) {
    counter.wish(clock.now()).ifPresent(wish -> counter.granted(wish, row.reserve(wish, size)));
  }

  /** Has a block in hand and, asked for by a request that found none and parked late, another. */
  private void takeTwoBlocks(long first, long second) {
    park(new FakeWaiting(), DAILY);
    grantIfWanted(first);
    assertThat(park(new FakeWaiting(), DAILY)).isEqualTo(Parking.RETRY);
    grantIfWanted(second);
  }

  @Test
  void asksForNoThirdBlockWhileTwoAreInHand() {
    takeTwoBlocks(10, 10);
    demand.asked.clear();

    draw(10);
    assertThat(demand.asked).isEmpty();
    draw(6);
    assertThat(demand.asked).hasSize(1);
  }

  @Test
  void noBlockIsPassedOverWhenTheOneInHandEndsJustBeforeAGrant() {
    takeTwoBlocks(10, 10);
    draw(10);
    grantIfWanted(10);
    long last = draw(3);

    assertThat(last).isEqualTo(12);
    assertThat(counter.close().orElseThrow().issued()).isEqualTo(last);
  }

  @Test
  void aBlockOfYesterdayIsNotLeftOfToday() {
    takeTwoBlocks(10, 10);
    draw(6);
    wallMs.addAndGet(86_400_000);
    grantIfWanted(50);
    if (counter.draw(DAILY, today()) == Counter.EMPTY) {
      park(new FakeWaiting(), DAILY);
      grantIfWanted(50);
    }
    long last = draw(30);

    assertThat(counter.close().orElseThrow().issued()).isEqualTo(last);
  }

  @Test
  void aBlockThatWasDroppedIsNotGivenBackWithWhatLiesBeforeIt() {
    park(new FakeWaiting(), DAILY);
    grantIfWanted(10);
    draw(6);
    // 10 to 19 are somebody else's
    Wish wish = counter.wish(clock.now()).orElseThrow();
    counter.granted(wish, new Grant(today(), 0, 20, 10, 0));
    // a request of a reloaded rule drops the following block, and parks only after the close
    assertThat(counter.draw(WIDER, today())).isEqualTo(Counter.EMPTY);

    assertThat(counter.close().map(Leftover::issued).orElse(Long.MAX_VALUE)).isGreaterThan(18);
  }

  @Test
  void anUntouchedBlockLeavesWhatWasIssuedInAnotherResidue() {
    Numbering before = new Numbering(new NumberRange(0, 9999, 10, 3), DAY, 10);
    Numbering shifted = new Numbering(new NumberRange(5, 9999, 10, 3), DAY, 10);
    park(new FakeWaiting(), before);
    grantIfWanted(5);
    assertThat(counter.draw(before, today())).isEqualTo(3);
    assertThat(counter.draw(before, today())).isEqualTo(13);
    counter.close().ifPresent(row::giveBack);

    // started again with another min_counter, and stopped before it issued a number
    Counter restarted = requireNonNull(new Counters(clock, demand, 10, 10).get(KEY));
    restarted.park(new FakeWaiting(), shifted, today());
    Wish wish = restarted.wish(clock.now()).orElseThrow();
    restarted.granted(wish, row.reserve(wish, 1));
    restarted.close().ifPresent(row::giveBack);

    assertThat(requireNonNull(row.state()).reserved()).isGreaterThanOrEqualTo(13);
  }

  @Test
  void whoParkedWhileTheQueueTurnedOutFullIsNotLeftWithoutAWish() {
    FakeWaiting request = new FakeWaiting();
    demand.full = true;
    demand.whileAsked =
        () -> {
          demand.whileAsked = () -> {};
          assertThat(park(request, DAILY)).isEqualTo(Parking.PARKED);
        };

    assertThat(park(new FakeWaiting(), DAILY)).isEqualTo(Parking.FULL);

    assertThat(request.told).containsExactly("giveUp");
  }

  @Test
  void whoWaitsForAReloadedRangeIsNotLedAboutByTheOldOne() {
    FakeWaiting waits = new FakeWaiting();
    park(new FakeWaiting(), DAILY);
    park(new FakeWaiting(20), WIDER);
    park(waits, WIDER);
    grantIfWanted(10);

    assertThat(waits.told).isEmpty();
    assertThat(counter.wish(clock.now()).orElseThrow().numbering()).isEqualTo(WIDER);
  }
}
