package idserver.rule;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationPropertiesTest {
  private static final String KEY = "an example key, not to be used";

  /** Six times the usual spread: so far away is nothing by chance. */
  private static final double SPREADS = 6;

  private static Permutation of(long size, String key) {
    return new Permutation(size, key.getBytes(US_ASCII));
  }

  private static void assertBijective(int size, String key) {
    Permutation permutation = of(size, key);
    BitSet places = new BitSet(size);
    for (int number = 0; number < size; number++) {
      places.set(Math.toIntExact(permutation.place(number)));
    }
    assertThat(places.length()).as("size %s", size).isEqualTo(size);
    assertThat(places.cardinality()).as("size %s", size).isEqualTo(size);
  }

  /** The usual test of chi squared: each of the counts is about the same. */
  private static void assertEven(long[] counts) {
    double expected = (double) Arrays.stream(counts).sum() / counts.length;
    double chi = 0;
    for (long count : counts) {
      chi += (count - expected) * (count - expected) / expected;
    }
    int freedom = counts.length - 1;
    assertThat(chi).isBetween(0.0, freedom + SPREADS * Math.sqrt(2.0 * freedom));
  }

  @Test
  void eachNumberHasAPlaceOfItsOwnInEverySizeUpTo2000() {
    for (int size = 1; size <= 2000; size++) {
      assertBijective(size, KEY);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {65_535, 65_536, 65_537, 1_000_000, 1_000_003})
  void eachNumberHasAPlaceOfItsOwnInLargerSizes(int size) {
    assertBijective(size, KEY);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        1L << 31,
        (1L << 31) + 1,
        999_999_999_989L,
        1_000_000_000_000L,
        2_821_109_907_456L,
        (1L << 52) + 1,
        (1L << 53) - 1,
        1L << 53
      })
  void numbersOfLargeSizesHavePlacesOfTheirOwn(long size) {
    Permutation permutation = of(size, KEY);
    Random random = new Random(5);
    Set<Long> numbers = new HashSet<>();
    for (long i = 0; i < 5_000; i++) {
      numbers.add(i);
      numbers.add(size - 1 - i);
      numbers.add(random.nextLong(size));
    }
    Set<Long> places = new HashSet<>();
    for (long number : numbers) {
      places.add(permutation.place(number));
    }

    assertThat(places).hasSameSizeAs(numbers);
    assertThat(places).allMatch(place -> place >= 0 && place < size);
  }

  /** Numbers that were given out must not come again: these never change. */
  @ParameterizedTest
  @CsvSource({
    "1, 0, 0",
    "2, 0, 0",
    "2, 1, 1",
    "3, 0, 1",
    "3, 1, 2",
    "3, 2, 0",
    "4, 0, 1",
    "4, 1, 2",
    "4, 2, 0",
    "4, 3, 3",
    "5, 0, 0",
    "5, 1, 3",
    "5, 2, 2",
    "5, 4, 4",
    "10, 0, 6",
    "10, 1, 2",
    "10, 5, 0",
    "10, 9, 8",
    "97, 0, 34",
    "97, 1, 12",
    "97, 48, 56",
    "97, 96, 26",
    "1000, 0, 951",
    "1000, 1, 202",
    "1000, 500, 939",
    "1000, 999, 274",
    "9999, 0, 3544",
    "9999, 1, 7644",
    "9999, 4999, 595",
    "9999, 9998, 1492",
    "65536, 0, 2171",
    "65536, 1, 38653",
    "65536, 32768, 23322",
    "65536, 65535, 14858",
    "1000000, 0, 310658",
    "1000000, 1, 464627",
    "1000000, 500000, 503789",
    "1000000, 999999, 452243",
    "4294967295, 0, 4192326228",
    "4294967295, 1, 3403689897",
    "4294967295, 2147483647, 1548083665",
    "4294967295, 4294967294, 4237731739",
    "1000000000000, 0, 895080073776",
    "1000000000000, 1, 916739713890",
    "1000000000000, 500000000000, 21384558266",
    "1000000000000, 999999999999, 123319894745",
    "2821109907456, 0, 2245711084957",
    "2821109907456, 1, 2370534122730",
    "2821109907456, 1410554953728, 340260339663",
    "2821109907456, 2821109907455, 724868355154",
    "9007199254740991, 0, 5284969957995817",
    "9007199254740991, 1, 1838552742217730",
    "9007199254740991, 4503599627370495, 7903613323364102",
    "9007199254740991, 9007199254740990, 8665987267514337",
    "9007199254740992, 0, 6888293924792962",
    "9007199254740992, 1, 8082552005532709",
    "9007199254740992, 4503599627370496, 7394357116610784",
    "9007199254740992, 9007199254740991, 5456297911942540",
  })
  void placesNeverChange(long size, long number, long place) {
    assertThat(of(size, KEY).place(number)).isEqualTo(place);
  }

  @Test
  void eachKeyHasAnOrderOfItsOwn() {
    Permutation one = of(1_000_000, KEY);
    Permutation other = of(1_000_000, KEY + "!");
    int same = 0;
    for (int number = 0; number < 100_000; number++) {
      same += one.place(number) == other.place(number) ? 1 : 0;
    }
    assertThat(same).isLessThan(6);
  }

  @Test
  void eachSizeHasAnOrderOfItsOwn() {
    Permutation one = of(1_000_000, KEY);
    Permutation other = of(1_000_001, KEY);
    int same = 0;
    for (int number = 0; number < 100_000; number++) {
      same += one.place(number) == other.place(number) ? 1 : 0;
    }
    assertThat(same).isLessThan(6);
  }

  @Test
  void overManyKeysANumberIsAsOftenInEachPlace() {
    long[] first = new long[97];
    long[] last = new long[97];
    for (int key = 0; key < 50_000; key++) {
      Permutation permutation = of(97, KEY + key);
      first[(int) permutation.place(0)]++;
      last[(int) permutation.place(96)]++;
    }
    assertEven(first);
    assertEven(last);
  }

  @Test
  void overManyKeysAllOrdersOfFourComeAsOften() {
    Map<String, Long> orders = new HashMap<>();
    for (int key = 0; key < 24_000; key++) {
      Permutation permutation = of(4, KEY + key);
      StringBuilder order = new StringBuilder();
      for (int number = 0; number < 4; number++) {
        order.append(permutation.place(number));
      }
      orders.merge(order.toString(), 1L, Long::sum);
    }
    assertThat(orders).hasSize(24);
    assertEven(orders.values().stream().mapToLong(Long::longValue).toArray());
  }

  @ParameterizedTest
  @ValueSource(longs = {1000, 1_000_000, 2_821_109_907_456L, 1L << 53})
  void howFarNeighboursAreApartTellsNothing(long size) {
    long[] distances = new long[100];
    for (int key = 0; key < 100; key++) {
      Permutation permutation = of(size, KEY + key);
      for (int number = 0; number < 500; number++) {
        long apart = Math.floorMod(permutation.place(number + 1) - permutation.place(number), size);
        // a distance of 0 there is not
        distances[(int) ((apart - 1) / (double) (size - 1) * distances.length)]++;
      }
    }
    assertEven(distances);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, (1L << 53) + 1})
  void aSizeThatLuaCannotCountIsRefused(long size) {
    assertThatThrownBy(() -> of(size, KEY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("size must be 1 to 9007199254740992: " + size);
  }
}
