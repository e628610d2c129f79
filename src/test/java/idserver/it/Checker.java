package idserver.it;

import static java.util.Comparator.comparingInt;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes every id that ever arrives and finds what no server may do: a number twice, out of range,
 * out of its server's residue, with a wrong date, below one of an earlier run of the same server,
 * or above what the database has promised. For the ids of {@code dated.lua}. Thread-safe.
 */
final class Checker {
  private static final Pattern ID = Pattern.compile("(\\d{8})-(\\d{12})");
  private static final int TOLD_OF_EACH_KIND = 10;

  private final long min;
  private final long max;
  private final int step;
  private final @Nullable ZoneId zone;
  private final List<Drawn> numbers = new ArrayList<>();
  private final List<String> malformed = new ArrayList<>();
  private final List<String> misdated = new ArrayList<>();

  /**
   * For a counter from {@code min} to {@code max}, shared by {@code step} servers.
   *
   * @param zone of the dates, or null where the servers' clocks are not this machine's
   */
  Checker(long min, long max, int step, @Nullable ZoneId zone) {
    this.min = min;
    this.max = max;
    this.step = step;
    this.zone = zone;
  }

  /** For {@code dated.lua} on one server, in the system's time zone. */
  static Checker ofOneServer() {
    return new Checker(0, 999_999_999_999L, 1, ZoneId.systemDefault());
  }

  /**
   * An id that arrived.
   *
   * @param offset the {@code id_offset} of the server that answered
   * @param generation grows whenever that server was killed, before it was started again
   * @param sentMs wall clock when the request left
   * @param receivedMs wall clock when the answer came
   */
  record Issued(
      Namespace namespace, int offset, int generation, long sentMs, long receivedMs, String id) {}

  /** What is kept of an id; there may be millions. */
  private record Drawn(Namespace namespace, int offset, int date, long counter, int generation) {
    Counter of() {
      return new Counter(namespace, offset);
    }
  }

  private record Counter(Namespace namespace, int offset) {}

  /** Takes one id, late ones too. */
  synchronized void add(Issued issued) {
    Matcher id = ID.matcher(issued.id());
    if (!id.matches()) {
      malformed.add("not an id of the rule: " + issued);
      return;
    }
    if (zone != null
        && !id.group(1).equals(date(zone, issued.sentMs()))
        && !id.group(1).equals(date(zone, issued.receivedMs()))) {
      misdated.add("neither the date of the request nor of the answer: " + issued);
    }
    int date = Integer.parseInt(id.group(1));
    long counter = Long.parseLong(id.group(2));
    numbers.add(new Drawn(issued.namespace(), issued.offset(), date, counter, issued.generation()));
  }

  private static String date(ZoneId zone, long millis) {
    LocalDate date = LocalDate.ofInstant(Instant.ofEpochMilli(millis), zone);
    return date.format(DateTimeFormatter.BASIC_ISO_DATE);
  }

  /** Fails unless all ids so far are sound; and tells what was seen. */
  String assertSound() {
    assertThat(faults()).isEmpty();
    return summary();
  }

  /** Fails unless every row promises at least the highest number issued from it. */
  void assertReserved(List<Reservation> rows) {
    assertThat(reservationFaults(rows)).isEmpty();
  }

  /** What is wrong with the ids themselves; empty when nothing is. */
  synchronized List<String> faults() {
    List<String> faults = new ArrayList<>();
    malformed.stream().limit(TOLD_OF_EACH_KIND).forEach(faults::add);
    misdated.stream().limit(TOLD_OF_EACH_KIND).forEach(faults::add);
    tell(faults, numbers, n -> n.counter() < min || n.counter() > max, "out of range");
    tell(
        faults,
        numbers,
        n -> Math.floorMod(n.counter() - min, step) != n.offset(),
        "not in the residue of its server");
    for (List<Drawn> sorted : byPeriod().values()) {
      for (int i = 1; i < sorted.size(); i++) {
        Drawn lower = sorted.get(i - 1);
        Drawn higher = sorted.get(i);
        if (lower.counter() == higher.counter()) {
          faults.add("issued twice: " + lower + " and " + higher);
        } else if (lower.of().equals(higher.of()) && lower.generation() > higher.generation()) {
          faults.add("after a restart below what was issued before: " + lower + ", " + higher);
        }
      }
    }
    return faults;
  }

  private static void tell(
      List<String> faults, List<Drawn> numbers, Predicate<Drawn> isWrong, String what) {
    numbers.stream()
        .filter(isWrong)
        .limit(TOLD_OF_EACH_KIND)
        .forEach(number -> faults.add(what + ": " + number));
  }

  /** What was issued above the rows' promises; empty when nothing was. */
  synchronized List<String> reservationFaults(List<Reservation> rows) {
    Map<Counter, Long> reserved =
        rows.stream()
            .collect(
                toMap(row -> new Counter(row.namespace(), row.offset()), Reservation::reserved));
    List<String> faults = new ArrayList<>();
    // a row holds the newest period only
    Map<Counter, Drawn> highest =
        numbers.stream()
            .collect(
                toMap(
                    Drawn::of,
                    Function.identity(),
                    (one, other) -> NEWEST.compare(one, other) >= 0 ? one : other));
    highest.forEach(
        (counter, number) -> {
          Long promised = reserved.get(counter);
          if (promised == null) {
            faults.add("issued without a row: " + number);
          } else if (promised < number.counter()) {
            faults.add("issued above the reservation of " + promised + ": " + number);
          }
        });
    return faults;
  }

  private static final Comparator<Drawn> NEWEST =
      comparingInt(Drawn::date).thenComparingLong(Drawn::counter);

  private Map<Object, List<Drawn>> byPeriod() {
    Map<Object, List<Drawn>> periods =
        numbers.stream().collect(groupingBy(n -> List.of(n.namespace(), n.date())));
    periods.values().forEach(list -> list.sort(NEWEST.thenComparingInt(Drawn::generation)));
    return periods;
  }

  /** How many ids there are, and how many numbers a restart has cost a counter at most. */
  synchronized String summary() {
    long counters = numbers.stream().map(Drawn::of).distinct().count();
    return "%d ids of %d counters, at most %d numbers of a counter lost by a restart"
        .formatted(numbers.size(), counters, lost());
  }

  /** The most numbers of a counter that a restart has cost. */
  synchronized long lost() {
    long lost = 0;
    for (List<Drawn> sorted : byPeriod().values()) {
      for (int i = 1; i < sorted.size(); i++) {
        Drawn before = sorted.get(i - 1);
        Drawn after = sorted.get(i);
        if (before.generation() < after.generation() && before.of().equals(after.of())) {
          lost = Math.max(lost, (after.counter() - before.counter()) / step - 1);
        }
      }
    }
    return lost;
  }

  /** How many ids have arrived. */
  synchronized int size() {
    return numbers.size();
  }
}
