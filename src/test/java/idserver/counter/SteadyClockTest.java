package idserver.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private final AtomicLong wallMs =
      new AtomicLong(Instant.parse("2026-11-22T15:59:58Z").toEpochMilli());
  private final AtomicLong monotonicMs = new AtomicLong();
  private final SteadyClock clock =
      new SteadyClock(wallMs::get, () -> monotonicMs.get() * 1_000_000, ZoneId.of("Asia/Shanghai"));

  private void pass(long ms) {
    wallMs.addAndGet(ms);
    monotonicMs.addAndGet(ms);
  }

  private static final long DAY_MS = 86_400_000;

  @Test
  void tellsTheSameInstantOnAnotherZonesClockMadeOnceASecond() {
    Optional<ZoneId> newYork = Optional.of(ZoneId.of("America/New_York"));

    Moment there = clock.in(newYork, clock.now());

    assertThat(there.local()).isEqualTo(LocalDateTime.parse("2026-11-22T10:59:58"));
    assertThat(there.epochSecond()).isEqualTo(clock.now().epochSecond());
    assertThat(clock.in(newYork, clock.now())).isSameAs(there);
    assertThat(clock.in(Optional.empty(), clock.now())).isSameAs(clock.now());
    pass(1_000);
    assertThat(clock.in(newYork, clock.now()).local())
        .isEqualTo(LocalDateTime.parse("2026-11-22T10:59:59"));
  }

  @Test
  void tellsTheSecondOnTheLocalClock() {
    assertThat(clock.now().local()).isEqualTo(LocalDateTime.parse("2026-11-22T23:59:58"));
    assertThat(clock.now().epochSecond() * 1000).isEqualTo(wallMs.get());
  }

  @Test
  void handsOutTheSameMomentWithinASecond() {
    Moment moment = clock.now();

    wallMs.addAndGet(999);

    assertThat(clock.now()).isSameAs(moment);
  }

  @Test
  void goesOnWithTheNextSecond() {
    wallMs.addAndGet(1_999);
    assertThat(clock.now().local()).isEqualTo(LocalDateTime.parse("2026-11-22T23:59:59"));

    wallMs.addAndGet(1);
    assertThat(clock.now().local()).isEqualTo(LocalDateTime.parse("2026-11-23T00:00:00"));
  }

  @Test
  void standsStillUntilAWallClockThatWentBackHasCaughtUp() {
    wallMs.addAndGet(5_000);
    Moment latest = clock.now();

    wallMs.addAndGet(-3_600_000);
    assertThat(clock.now()).isSameAs(latest);
    wallMs.addAndGet(3_600_000);
    assertThat(clock.now()).isSameAs(latest);
    wallMs.addAndGet(1_000);
    assertThat(clock.now().epochSecond()).isEqualTo(latest.epochSecond() + 1);
  }

  @Test
  void aTimeBefore1970IsASecondLikeAnyOther() {
    SteadyClock old = new SteadyClock(() -> -1, ZoneId.of("UTC"));

    assertThat(old.now().epochSecond()).isEqualTo(-1);
    assertThat(old.now().local()).isEqualTo(LocalDateTime.parse("1969-12-31T23:59:59"));
  }

  @Test
  void aMomentIsNeverBeforeItsPeriod() {
    Moment moment = clock.now();
    Period day = Period.named("day").orElseThrow();
    long today = day.startOf(moment.local());

    assertThat(moment.notBefore(today)).isSameAs(moment);
    assertThat(moment.notBefore(today + 86_400).local())
        .isEqualTo(LocalDateTime.parse("2026-11-23T00:00:00"));
  }

  @Test
  void followsAStepThatIsNotFar() {
    long before = clock.now().epochSecond();

    wallMs.addAndGet(SteadyClock.FAR_MS);

    assertThat(clock.now().epochSecond() - before).isEqualTo(SteadyClock.FAR_MS / 1000);
    assertThat(clock.doubtedMs()).isZero();
  }

  @Test
  void followsTimeThatReallyPassesHoweverLongNobodyAsks() {
    long before = clock.now().epochSecond();

    pass(30 * DAY_MS);

    assertThat(clock.now().epochSecond() - before).isEqualTo(30 * 86_400);
  }

  @Test
  void goesOnFromWhereItWasWhenTheWallClockGoesToTheFarFuture() {
    long before = clock.now().epochSecond();

    wallMs.addAndGet(DAY_MS);
    assertThat(clock.now().epochSecond()).isEqualTo(before);
    for (int i = 1; i <= 100; i++) {
      pass(1_000);
      assertThat(clock.now().epochSecond()).isEqualTo(before + i);
    }
    assertThat(clock.doubtedMs()).isEqualTo(DAY_MS);
    assertThat(clock.believedMs() / 1000).isEqualTo(before + 100);
  }

  @Test
  void aSecondStepIsNotFollowedEither() {
    long before = clock.now().epochSecond();
    wallMs.addAndGet(DAY_MS);
    clock.now();

    wallMs.addAndGet(DAY_MS);
    pass(1_000);

    assertThat(clock.now().epochSecond()).isEqualTo(before + 1);
    assertThat(clock.doubtedMs()).isEqualTo(2 * DAY_MS);
  }

  @Test
  void followsAgainWhenTheWallClockHasComeBack() {
    long before = clock.now().epochSecond();
    wallMs.addAndGet(DAY_MS);
    clock.now();
    clock.review(OptionalLong.empty());
    assertThat(clock.doubtedMs()).isEqualTo(DAY_MS);

    wallMs.addAndGet(-DAY_MS);
    pass(5_000);
    clock.review(OptionalLong.empty());

    assertThat(clock.doubtedMs()).isZero();
    assertThat(clock.now().epochSecond()).isEqualTo(before + 5);
  }

  @Test
  void followsAStepThatAnotherClockConfirms() {
    long before = clock.now().epochSecond();
    wallMs.addAndGet(DAY_MS);
    clock.now();

    clock.review(OptionalLong.of(wallMs.get() - SteadyClock.FAR_MS - 1));
    assertThat(clock.now().epochSecond()).isEqualTo(before);
    clock.review(OptionalLong.of(wallMs.get() - SteadyClock.FAR_MS));

    assertThat(clock.now().epochSecond()).isEqualTo(before + 86_400);
    assertThat(clock.doubtedMs()).isZero();
    pass(1_000);
    assertThat(clock.now().epochSecond()).isEqualTo(before + 86_401);
  }

  @Test
  void countsTheStepsThatItDoesNotFollow() {
    pass(1_000);
    clock.now();
    assertThat(clock.corrections()).isZero();

    wallMs.addAndGet(-3_600_000);
    clock.believedMs();
    assertThat(clock.corrections()).isEqualTo(1);

    wallMs.addAndGet(SteadyClock.FAR_MS + 3_600_001);
    clock.believedMs();
    assertThat(clock.corrections()).isEqualTo(2);
    clock.believedMs();
    assertThat(clock.corrections()).isEqualTo(2);
  }
}
