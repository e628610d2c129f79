package idserver.rule;

import idserver.counter.NumberRange;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;

/** The numbers of a range with which a rule is tried. Immutable. */
final class TrialNumbers {
  /**
   * The numbers 0 to {@code DENSE - 1} and all multiples of {@code DENSE} up to its square have
   * every difference below the square. So a number cut by any divisor up to a million is found.
   */
  private static final int DENSE = 1000;

  /** In which numbers are written: ten digits first, and up to 64 letters, digits and signs. */
  static final int[] RADICES =
      IntStream.concat(IntStream.of(10), IntStream.rangeClosed(2, 64)).toArray();

  private static final int FEW = 10;
  private static final int SHORT = 20;
  private static final int TWELVE = 12;

  /** What dates are multiplied by where they are added up with a counter. */
  private static final int[] FACTORS = {
    24, 31, 32, 60, 365, 366, 367, 372, 1440, 3600, 86_400, 1 << 8, 1 << 16, 1 << 24
  };

  private final NumberRange range;

  TrialNumbers(NumberRange range) {
    this.range = range;
  }

  /** A few of this server: the first, those that follow, the middle, the last. */
  List<Long> few() {
    long last = (range.max() - range.first()) / range.step();
    Set<Long> numbers = new LinkedHashSet<>();
    for (long steps : new long[] {0, 1, 2, 3, last / 2, last}) {
      if (steps <= last) {
        numbers.add(range.first() + steps * range.step());
      }
    }
    return List.copyOf(numbers);
  }

  /** Numbers of this server alone that show where digits are cut. */
  Collection<Long> ofThisServer() {
    return spread(range.first(), range.step());
  }

  /** The same of all servers together. */
  Collection<Long> ofAllServers() {
    return spread(range.min(), 1);
  }

  private Collection<Long> spread(long first, long step) {
    long last = (range.max() - first) / step;
    Set<Long> numbers = new LinkedHashSet<>();
    LongConsumer add =
        steps -> {
          if (steps >= 0 && steps <= last) {
            numbers.add(first + steps * step);
          }
        };
    // what is most telling comes first: the budget ends early for a slow rule
    add.accept(0);
    for (long power : powers(10, range.max())) {
      if (power % step == 0) {
        add.accept(power / step);
      }
    }
    for (long steps = 1; steps < FEW; steps++) {
      add.accept(steps);
    }
    for (long power : powers(10, last)) {
      add.accept(power);
      // the neighbour: what is cut at the end, or lost where numbers are rounded
      add.accept(power + 1);
      for (long digit : powers(10, power - 1)) {
        add.accept(power + digit);
      }
    }
    for (long i = 0; i < FEW; i++) {
      add.accept(last - i);
    }
    for (long steps = 0; steps < DENSE; steps++) {
      add.accept(steps);
    }
    for (int radix : RADICES) {
      powers(radix, last).forEach(add::accept);
    }
    powers(2, last).forEach(power -> add.accept(power + 1));
    for (long i = 2; i <= DENSE; i++) {
      add.accept(i * DENSE);
    }
    for (long power : powers(10, last)) {
      // these end alike; a check digit tells ten apart, not twelve
      for (long i = 2; i < TWELVE && i <= last / power; i++) {
        add.accept(i * power);
      }
    }
    return numbers;
  }

  /** The powers of a base from itself up to {@code most}. */
  static List<Long> powers(int base, long most) {
    Set<Long> powers = new LinkedHashSet<>();
    for (long power = base; power <= most; power *= base) {
      powers.add(power);
      if (power > most / base) {
        break;
      }
    }
    return List.copyOf(powers);
  }

  /**
   * Numbers of each length, with one more digit before them or behind them: 1 and 11, so that 1
   * with 11 reads like 11 with 1.
   */
  Collection<Long> ofEachLength() {
    Set<Long> numbers = new LinkedHashSet<>();
    numbers.add(range.min());
    addLonger(numbers, Math.max(1, range.min()), 1);
    for (long power : powers(10, range.max())) {
      addLonger(numbers, Math.max(power, range.min()), power);
    }
    return numbers;
  }

  /** The first numbers, and the shortest of those of each length. */
  Collection<Long> small() {
    Set<Long> numbers = new LinkedHashSet<>();
    for (long i = 0; i <= 12; i++) {
      addUpTo(numbers, range.min(), i);
    }
    ofEachLength().stream().limit(SHORT).forEach(numbers::add);
    return numbers;
  }

  private void addLonger(Set<Long> numbers, long number, long power) {
    addUpTo(numbers, number, 0);
    if (power <= range.max() / 10) {
      addUpTo(numbers, number, power * 10);
    }
    if (number <= range.max() / 10) {
      addUpTo(numbers, number * 10, 1);
      addUpTo(numbers, number * 10, 2);
    }
  }

  /** Numbers that are as far from {@code number} as a date's factor. */
  Collection<Long> factorsFrom(long number) {
    Set<Long> numbers = new LinkedHashSet<>();
    numbers.add(number);
    for (int factor : FACTORS) {
      addUpTo(numbers, number, factor);
    }
    return numbers;
  }

  private void addUpTo(Set<Long> numbers, long number, long more) {
    if (number <= range.max() - more) {
      numbers.add(number + more);
    }
  }
}
