package idserver.rule;

import idserver.counter.Numbering;
import idserver.rule.Collision.Kind;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Map;

/** Says why two samples have the same id, and what its author can do about it. Immutable. */
final class Diagnosis {
  private static final List<Map.Entry<String, ChronoField>> PARTS =
      List.of(
          Map.entry("year", ChronoField.YEAR),
          Map.entry("month", ChronoField.MONTH_OF_YEAR),
          Map.entry("day", ChronoField.DAY_OF_MONTH),
          Map.entry("hour", ChronoField.HOUR_OF_DAY),
          Map.entry("minute", ChronoField.MINUTE_OF_HOUR),
          Map.entry("second", ChronoField.SECOND_OF_MINUTE));

  private final Numbering numbering;

  Diagnosis(Numbering numbering) {
    this.numbering = numbering;
  }

  /** All ids are the same. */
  Collision constant(Sample first, Sample second) {
    if (!first.counters().isEmpty()) {
      return new Collision(
          Kind.COUNTER_NOT_SHOWN,
          first,
          second,
          "The id has to show what counter:generate_counter() returns.");
    }
    if (!first.timeIds().isEmpty()) {
      return cutTimeId(first, second);
    }
    return new Collision(
        Kind.NO_NUMBER,
        first,
        second,
        "An id needs counter:generate_counter() or counter:generate_time_id(): the moment, random"
            + " numbers and the script's own variables can be the same again.");
  }

  /** One number in two periods. */
  Collision period(Sample first, Sample second) {
    List<String> different =
        PARTS.stream()
            .filter(part -> first.at().get(part.getValue()) != second.at().get(part.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    if (numbering.period().fiscalYear().isPresent()) {
      return new Collision(Kind.PERIOD_NOT_SHOWN, first, second, fiscalAdvice());
    }
    String lack =
        different.size() == 1
            ? "does not show the " + different.get(0) + "."
            : "does not tell these moments apart: show "
                + String.join(" and ", different)
                + ", each with a fixed width.";
    return new Collision(
        Kind.PERIOD_NOT_SHOWN,
        first,
        second,
        "The counter starts again in between (period: "
            + numbering.period()
            + "), and the id "
            + lack);
  }

  private String fiscalAdvice() {
    boolean quarters = numbering.period().toString().equals("fiscal_quarter");
    return "The counter starts again in between (period: "
        + numbering.period()
        + "): the id has to show now:fiscal_year()"
        + (quarters ? " and now:fiscal_quarter()" : "")
        + ", with two digits of the year or all four.";
  }

  /** Two numbers at one moment. */
  Collision cutCounter(Sample first, Sample second) {
    if (first.counters().isEmpty() || second.counters().isEmpty()) {
      return cutTimeId(first, second);
    }
    long step = numbering.range().step();
    if (Math.abs(first.counters().get(0) - second.counters().get(0)) < step) {
      return new Collision(
          Kind.SERVER_NOT_SHOWN,
          first,
          second,
          "These numbers are of two of the "
              + step
              + " equal servers (id_step): the id has to show the whole counter.");
    }
    return new Collision(
        Kind.DIGITS_CUT,
        first,
        second,
        "The id has to show all digits of the counter, which goes up to "
            + numbering.range().max()
            + ": write it with %d.");
  }

  /** Two time ids. */
  static Collision cutTimeId(Sample first, Sample second) {
    return new Collision(
        Kind.TIME_ID_CUT, first, second, "The id has to show the whole time id: write it with %d.");
  }

  /** Numbers and dates that read alike. */
  static Collision joined(Sample first, Sample second) {
    return new Collision(
        Kind.PARTS_RUN_TOGETHER,
        first,
        second,
        "Its parts run together: give each a fixed width, as %02d and %04d do, or put a character"
            + " between them.");
  }
}
