package idserver.timeid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TimeIdFormatTest {
  private static final long EPOCH_MS = TimeIdFormat.DEFAULT_EPOCH_MS;

  @Test
  void spillHasTheBitsOfTheDocument() {
    TimeIdFormat format = new TimeIdFormat(TimeIdLayout.SPILL, 0, 3, 4);

    long id = format.encode(new TimeIdParts(0x123456789AL, 3, 0xABC));

    assertThat(Long.toHexString(id)).isEqualTo("7578123456789a");
    assertThat(id).isEqualTo(3L << 53 | 0xABCL << 41 | 0x123456789AL);
  }

  @Test
  void classicHasTheTimeFirst() {
    TimeIdFormat format = new TimeIdFormat(TimeIdLayout.CLASSIC, 0, 3, 4);

    assertThat(format.encode(new TimeIdParts(7, 3, 5))).isEqualTo(7L << 22 | 3 << 12 | 5);
  }

  @Test
  void orderedIsTheMillisecondAndTellsTheNodeByIt() {
    TimeIdFormat format = new TimeIdFormat(TimeIdLayout.ORDERED, 1000, 0, 3);

    assertThat(format.encode(new TimeIdParts(1008, 2, 0))).isEqualTo(8);
    assertThat(format.decode(8)).isEqualTo(new TimeIdParts(1008, 2, 0));
    assertThatThrownBy(() -> format.encode(new TimeIdParts(1008, 1, 0)))
        .hasMessage("millisecond 8 belongs to node 2: node=1");
  }

  @ParameterizedTest
  @EnumSource
  void theLargestIdOfEachLayoutIsPositiveAndComesBackFromItsParts(TimeIdLayout layout) {
    TimeIdFormat format = new TimeIdFormat(layout, EPOCH_MS, 0, 1024);
    TimeIdParts largest =
        new TimeIdParts(EPOCH_MS + TimeIdLayout.LAST_MS, 1023, layout.maxSerial());

    long id = format.encode(largest);

    assertThat(id).isEqualTo(layout == TimeIdLayout.ORDERED ? (1L << 41) - 1 : Long.MAX_VALUE);
    assertThat(format.decode(id)).isEqualTo(largest);
  }

  @ParameterizedTest(name = "{0}, seed 1")
  @EnumSource
  void partsComeBack(TimeIdLayout layout) {
    Random random = new Random(1);
    TimeIdFormat format = new TimeIdFormat(layout, EPOCH_MS, 0, 1024);
    for (int i = 0; i < 100_000; i++) {
      long ms = random.nextLong() & TimeIdLayout.LAST_MS;
      int node = layout == TimeIdLayout.ORDERED ? (int) (ms % 1024) : random.nextInt(1024);
      TimeIdParts parts =
          new TimeIdParts(EPOCH_MS + ms, node, random.nextInt(layout.maxSerial() + 1));

      assertThat(format.decode(format.encode(parts))).isEqualTo(parts);
    }
  }

  @Test
  void theSortKeyOrdersSpillIdsByTimeThenSerialThenNode() {
    TimeIdFormat format = new TimeIdFormat(TimeIdLayout.SPILL, 0, 0, 1024);
    long[] inOrder = {
      format.encode(new TimeIdParts(1, 1023, 4095)),
      format.encode(new TimeIdParts(2, 0, 0)),
      format.encode(new TimeIdParts(2, 7, 0)),
      format.encode(new TimeIdParts(2, 3, 1)),
      format.encode(new TimeIdParts(TimeIdLayout.LAST_MS, 0, 0)),
      format.encode(new TimeIdParts(TimeIdLayout.LAST_MS, 1023, 4095)),
    };

    for (int i = 1; i < inOrder.length; i++) {
      assertThat(format.sortKey(inOrder[i])).isGreaterThan(format.sortKey(inOrder[i - 1]));
    }
    assertThat(format.sortKey(inOrder[5])).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void tellsWhenItRunsOut() {
    TimeIdFormat format = TimeIdFormat.of(TimeIdLayout.SPILL);

    assertThat(format.lastMoment()).isEqualTo(Instant.parse("2089-09-06T15:47:35.551Z"));
    assertThat(format.lastYear()).isEqualTo(2089);
    assertThat(format.yearsLeft(EPOCH_MS)).isBetween(69.6, 69.7);
    assertThat(format.yearsLeft(format.lastMoment().toEpochMilli() + 1)).isNegative();
  }

  @Test
  void refusesWhatIsNoIdOfTheLayout() {
    assertThatThrownBy(() -> TimeIdFormat.of(TimeIdLayout.SPILL).decode(-1))
        .hasMessage("not an id of this layout: -1");
    assertThatThrownBy(() -> TimeIdFormat.of(TimeIdLayout.ORDERED).decode(1L << 41))
        .hasMessage("not an id of this layout: 2199023255552");
  }

  @Test
  void refusesPartsOutsideTheirBits() {
    TimeIdFormat format = TimeIdFormat.of(TimeIdLayout.SPILL);

    assertThatThrownBy(() -> format.encode(new TimeIdParts(EPOCH_MS - 1, 0, 0)))
        .hasMessageContaining("outside the 41 bits");
    assertThatThrownBy(
            () -> format.encode(new TimeIdParts(EPOCH_MS + TimeIdLayout.LAST_MS + 1, 0, 0)))
        .hasMessageContaining("outside the 41 bits");
    assertThatThrownBy(() -> format.encode(new TimeIdParts(EPOCH_MS, 1024, 0)))
        .hasMessage("node must be 0 to 1023: 1024");
    assertThatThrownBy(() -> format.encode(new TimeIdParts(EPOCH_MS, 0, 4096)))
        .hasMessage("serial must be 0 to 4095: 4096");
  }

  @Test
  void refusesWrongSettingsWithRuleAndValue() {
    assertThatThrownBy(() -> new TimeIdFormat(TimeIdLayout.SPILL, -1, 0, 1))
        .hasMessage("epoch must be >= 1970-01-01T00:00Z: -1 ms");
    assertThatThrownBy(() -> new TimeIdFormat(TimeIdLayout.SPILL, 0, 0, 1025))
        .hasMessage("nodes must be 1 to 1024: 1025");
    assertThatThrownBy(() -> new TimeIdFormat(TimeIdLayout.SPILL, 0, 2, 2))
        .hasMessage("node must be 0 to nodes - 1: node=2, nodes=2");
    TimeIdSettings settings = TimeIdSettings.of(TimeIdLayout.SPILL);
    assertThatThrownBy(() -> settings.withSpreadMs(1000))
        .hasMessage("spread must be a power of two from 1 to 65536 ms: 1000");
    assertThatThrownBy(() -> settings.withBorrowMs(60_001))
        .hasMessage("borrow must be 0 to 60000 ms: 60001");
  }
}
