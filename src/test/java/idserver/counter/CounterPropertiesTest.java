package idserver.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * No (period, number) comes twice, every number is this server's, and no period comes back: over
 * failures, restarts, reloads and clocks that jump. What is checked at each step is in {@link
 * CounterLife}.
 */
class CounterPropertiesTest {
  private static final int STEPS = 4_000;

  /** Seeds that stay, and new ones each time. */
  static LongStream seeds() {
    return LongStream.concat(
        LongStream.rangeClosed(1, 90), ThreadLocalRandom.current().longs(10, 1_000, 1_000_000_000));
  }

  private static Period named(String name) {
    return Period.named(name).orElseThrow();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyNumberIsIssuedOnceInItsPeriod(long seed) {
    CounterLife life = new CounterLife(new SplittableRandom(seed), List.of(named("day")));

    life.live(STEPS);

    assertThat(life.countIssued()).isPositive();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyNumberIsIssuedOnceInPeriodsShorterThanADay(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Period period = random.nextBoolean() ? named("hour") : Period.ofSeconds(1_800);
    CounterLife life = new CounterLife(random, List.of(period));

    life.live(STEPS);

    assertThat(life.countIssued()).isPositive();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void everyNumberIsIssuedOnceWhenReloadsChangeThePeriod(long seed) {
    List<Period> periods =
        List.of(named("hour"), named("day"), named("week"), named("month"), Period.NEVER);
    CounterLife life = new CounterLife(new SplittableRandom(seed), periods);

    life.live(STEPS);

    assertThat(life.countIssued()).isPositive();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void whatShowsItsHourIsIssuedOnceWhenReloadsMakeThePeriodShorter(long seed) {
    List<Period> periods =
        List.of(named("hour"), named("day"), named("week"), named("month"), Period.NEVER);
    CounterLife life = new CounterLife(new SplittableRandom(seed), periods, true);

    life.live(STEPS);

    assertThat(life.countIssued()).isPositive();
  }
}
