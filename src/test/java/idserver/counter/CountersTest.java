package idserver.counter;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CountersTest {
  private static final Numbering NUMBERING =
      new Numbering(new NumberRange(0, 99, 1, 0), Period.NEVER, 10);

  private final FakeDemand demand = new FakeDemand();
  private final SteadyClock clock = new SteadyClock(() -> 0, ZoneOffset.UTC);
  private final Counters counters = new Counters(clock, demand, 3, 2);

  private static CounterKey key(String app) {
    return new CounterKey("rule", app);
  }

  private Counter counter(String app) {
    return requireNonNull(counters.get(key(app)));
  }

  @Test
  void theSameNamesAreTheSameCounter() {
    assertThat(counters.get(key("a"))).isSameAs(counters.get(key("a")));
    assertThat(counters.get(key("a"))).isNotSameAs(counters.get(key("A")));
    assertThat(counters.get(new CounterKey("a_b", "c")))
        .isNotSameAs(counters.get(new CounterKey("a", "b_c")));
  }

  @Test
  void thereAreOnlySoManyCounters() {
    counter("a");
    counter("b");
    counter("c");

    assertThat(counters.get(key("d"))).isNull();
    assertThat(counters.get(key("a"))).isNotNull();
    assertThat(counters.size()).isEqualTo(3);
  }

  @Test
  void findingCreatesNothing() {
    assertThat(counters.find(key("a"))).isNull();
    assertThat(counters.size()).isZero();

    assertThat(counter("a")).isSameAs(counters.find(key("a")));
  }

  @Test
  void theBoundOnParkedRequestsIsForAllCountersTogether() {
    assertThat(counter("a").park(new FakeWaiting(), NUMBERING, 0))
        .isEqualTo(Counter.Parking.PARKED);
    assertThat(counter("b").park(new FakeWaiting(), NUMBERING, 0))
        .isEqualTo(Counter.Parking.PARKED);
    assertThat(counters.waiting()).isEqualTo(2);

    assertThat(counter("c").park(new FakeWaiting(), NUMBERING, 0)).isEqualTo(Counter.Parking.FULL);
    assertThat(counters.waiting()).isEqualTo(2);
  }

  @Test
  void countsWhoHasEverBeenParked() {
    counter("a").park(new FakeWaiting(1, 100), NUMBERING, 0);
    counter("b").park(new FakeWaiting(1, 100), NUMBERING, 0);
    counter("c").park(new FakeWaiting(1, 100), NUMBERING, 0);
    assertThat(counters.parked()).as("the third found no room").isEqualTo(2);

    counters.expire(100);
    counter("c").park(new FakeWaiting(1, 200), NUMBERING, 0);

    assertThat(counters.waiting()).isEqualTo(1);
    assertThat(counters.parked()).isEqualTo(3);
  }

  @Test
  void refusesThoseWhoWaitedTooLongOnEveryCounter() {
    FakeWaiting early = new FakeWaiting(1, 100);
    FakeWaiting late = new FakeWaiting(1, 101);
    counter("a").park(early, NUMBERING, 0);
    counter("b").park(late, NUMBERING, 0);

    counters.expire(99);
    assertThat(early.told).isEmpty();
    counters.expire(100);
    assertThat(early.told).containsExactly("giveUp");
    assertThat(late.told).isEmpty();
    assertThat(counters.waiting()).isEqualTo(1);
    counters.expire(200);
    assertThat(late.told).containsExactly("giveUp");
    assertThat(counters.waiting()).isZero();
    counters.expire(300);
    assertThat(early.told).hasSize(1);
  }

  @Test
  void deadlinesAreComparedAsNanoTimeHasToBe() {
    FakeWaiting request = new FakeWaiting(1, Long.MIN_VALUE + 5);
    counter("a").park(request, NUMBERING, 0);

    counters.expire(Long.MAX_VALUE);
    assertThat(request.told).isEmpty();
    counters.expire(Long.MIN_VALUE + 5);
    assertThat(request.told).containsExactly("giveUp");
  }

  @Test
  void closingTellsAllWhoWaitAndWhatEachCounterHasLeft() {
    FakeWaiting request = new FakeWaiting();
    counter("a").park(request, NUMBERING, 0);
    Counter served = counter("b");
    served.park(new FakeWaiting(), NUMBERING, 0);
    served.granted(served.wish(clock.now()).orElseThrow(), new Grant(0, 0, 0, 10, 0));
    served.draw(NUMBERING, 0);

    List<Leftover> leftovers = counters.close();

    assertThat(request.told).containsExactly("closed");
    assertThat(leftovers).containsExactly(new Leftover(key("b"), false, 0, 9, 0));
    assertThat(counters.waiting()).isZero();
  }

  @Test
  void whoExpiresSleepsUntilSomebodyIsParked() throws Exception {
    CountDownLatch returned = new CountDownLatch(1);
    Thread expires =
        new Thread(
            () -> {
              counters.awaitWaiting(1_000);
              returned.countDown();
            });
    expires.start();
    await().until(() -> expires.getState() == Thread.State.WAITING);
    assertThat(returned.await(50, TimeUnit.MILLISECONDS)).isFalse();

    counter("a").park(new FakeWaiting(), NUMBERING, 0);

    assertThat(returned.await(10, TimeUnit.SECONDS)).isTrue();
    expires.join();
    // and where somebody waits already it does not sleep for long
    counters.awaitWaiting(1_000);
  }
}
