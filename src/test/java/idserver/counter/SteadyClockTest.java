package idserver.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  private final AtomicLong wallMs =
      new AtomicLong(Instant.parse("2026-11-22T15:59:58Z").toEpochMilli());
  private final SteadyClock clock = new SteadyClock(wallMs::get, ZoneId.of("Asia/Shanghai"));

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
}
