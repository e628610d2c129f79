package idserver.timeid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The document's argument about hash tables: ids as keys in a table of {@code 2^k} buckets that
 * looks for the bucket {@code id & (size - 1)}, and as many keys as buckets. A key collides when
 * its bucket is taken. The integers 1 to n never do.
 */
class HashSpreadTest {
  private static final TimeIdFormat SPILL = TimeIdFormat.of(TimeIdLayout.SPILL);
  private static final TimeIdFormat ORDERED = TimeIdFormat.of(TimeIdLayout.ORDERED);
  private static final TimeIdFormat CLASSIC = TimeIdFormat.of(TimeIdLayout.CLASSIC);

  /** The share of keys that find their bucket taken. */
  private static double colliding(TimeIdSettings settings, int rate, int tableBits, boolean even) {
    return colliding(settings, rate, 1 << tableBits, 1 << tableBits, even);
  }

  private static double colliding(
      TimeIdSettings settings, int rate, int size, int keys, boolean even) {
    Random random = new Random(1);
    SetClock clock = new SetClock(SetClock.START_MS + 12_345);
    TimeIds ids = new ConfinedTimeIds(settings, clock, TimePromise.inMemory());
    // a process has usually been idle for a while
    clock.advanceMs(70_000);
    boolean[] taken = new boolean[size];
    int collisions = 0;
    int issued = 0;
    while (issued < keys) {
      double gap = even ? 1 : -Math.log(1 - random.nextDouble());
      clock.advanceNanos((long) (gap * 1e9 / rate));
      long id = ids.tryNext();
      if (id < 0) {
        continue;
      }
      int bucket = (int) (id & (size - 1));
      collisions += taken[bucket] ? 1 : 0;
      taken[bucket] = true;
      issued++;
    }
    return (double) collisions / keys;
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1000})
  void spillAndOrderedAreAsGoodAsIntegersInTablesUpToTheSpread(int rate) {
    for (int bits = 4; bits <= 10; bits++) {
      for (TimeIdFormat format : new TimeIdFormat[] {SPILL, ORDERED}) {
        assertThat(colliding(TimeIdSettings.of(format), rate, bits, true))
            .as("%s, %d a second, 2^%d buckets", format.layout(), rate, bits)
            .isZero();
      }
    }
  }

  @Test
  void aLargerSpreadIsForLargerTables() {
    for (TimeIdFormat format : new TimeIdFormat[] {SPILL, ORDERED}) {
      TimeIdSettings wide = TimeIdSettings.of(format).withSpreadMs(1 << 16);
      for (int bits = 4; bits <= 16; bits++) {
        assertThat(colliding(wide, 10, bits, true)).isZero();
        assertThat(colliding(wide, 10, bits, false)).isZero();
        assertThat(colliding(wide, 1000, bits, true)).isZero();
      }
    }
  }

  @Test
  void atAThousandASecondTablesOfAnySizeAreAsGoodAsWithIntegers() {
    assertThat(colliding(TimeIdSettings.of(SPILL), 1000, 18, true)).isZero();
    assertThat(colliding(TimeIdSettings.of(ORDERED), 1000, 18, true)).isZero();
  }

  @Test
  void irregularArrivalsAreAsGoodInOrderedAndHardlyWorseInSpill() {
    for (int bits = 4; bits <= 10; bits++) {
      assertThat(colliding(TimeIdSettings.of(ORDERED), 10, bits, false)).isZero();
      assertThat(colliding(TimeIdSettings.of(ORDERED), 1000, bits, false)).isZero();
      assertThat(colliding(TimeIdSettings.of(SPILL), 10, bits, false)).isZero();
      assertThat(colliding(TimeIdSettings.of(SPILL), 1000, bits, false)).isLessThan(0.05);
    }
  }

  @Test
  void withoutSpreadAnEvenPaceLeavesThreeBucketsOfFourEmpty() {
    TimeIdSettings exact = TimeIdSettings.of(SPILL).withSpreadMs(1);

    // 100 ms have the factor 4 in common with the table's size
    assertThat(colliding(exact, 10, 10, true)).isCloseTo(0.75, within(0.01));
    assertThat(colliding(exact, 1000, 10, true)).isZero();
  }

  /** At 10 000 a second ten ids share a millisecond, which is all that the low 41 bits hold. */
  @Test
  void spillCannotBeatItsMillisecondsAtTenThousandASecond() {
    TimeIdSettings spill = TimeIdSettings.of(SPILL).withSpreadMs(1);

    assertThat(colliding(spill, 10_000, 14, true)).isCloseTo(0.9, within(0.01));
    // the first of a burst go into the milliseconds that have passed since the id before
    TimeIdSettings wide = TimeIdSettings.of(SPILL).withSpreadMs(1 << 16);
    assertThat(colliding(wide, 10_000, 10, true)).isZero();
  }

  /** Integers have the same ten keys a bucket in a table of a tenth of their number. */
  @Test
  void spillIsAsGoodAsIntegersInATableThatIsFullTenTimes() {
    int size = 1 << 10;
    int keys = 10 * size;
    double integers = (double) (keys - size) / keys;

    assertThat(colliding(TimeIdSettings.of(SPILL), 10_000, size, keys, true))
        .isCloseTo(integers, within(0.01));
  }

  /** Ordered issues a thousand a second and refuses the others: those it issues are as good. */
  @Test
  void orderedRefusesWhatIsAboveItsRateAndStaysAsGoodAsIntegers() {
    assertThat(colliding(TimeIdSettings.of(ORDERED), 10_000, 14, true)).isZero();
  }

  @Test
  void classicFillsTablesEvenlyUpToItsSerialAndNoFurther() {
    for (int rate : new int[] {10, 1000, 10_000}) {
      for (int bits = 4; bits <= 12; bits++) {
        assertThat(colliding(TimeIdSettings.of(CLASSIC), rate, bits, true)).isZero();
      }
      assertThat(colliding(TimeIdSettings.of(CLASSIC), rate, 13, true)).isEqualTo(0.5);
      assertThat(colliding(TimeIdSettings.of(CLASSIC), rate, 16, true)).isEqualTo(0.9375);
    }
  }

  @Test
  void orderedNodesKeepAllLowBitsWithAnOddNumberOfNodesOnly() {
    TimeIdFormat odd = new TimeIdFormat(TimeIdLayout.ORDERED, 0, 1, 3);
    TimeIdFormat even = new TimeIdFormat(TimeIdLayout.ORDERED, 0, 1, 4);

    assertThat(colliding(TimeIdSettings.of(odd), 100, 8, true)).isZero();
    assertThat(colliding(TimeIdSettings.of(even), 100, 8, true)).isEqualTo(0.75);
  }
}
