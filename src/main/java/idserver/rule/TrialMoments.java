package idserver.rule;

import idserver.counter.Period;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The moments with which a rule is tried: this year and the nine that follow. Immutable. They
 * depend on the year alone, so a rule that is taken once is taken all the year.
 */
final class TrialMoments {
  /** How long ids have to differ: a rule may show the last digit of the year alone. */
  static final int YEARS = 10;

  /** Days looked at on both sides of the turn of a month. */
  private static final int DAYS_AROUND = 3;

  /** Values of a date's part that read alike when they are joined: 1 with 11, and 11 with 1. */
  private static final int[] LOOK_ALIKES = {1, 2, 10, 11, 12, 20, 21, 22};

  private static final List<ChronoField> PARTS =
      List.of(
          ChronoField.MONTH_OF_YEAR,
          ChronoField.DAY_OF_MONTH,
          ChronoField.HOUR_OF_DAY,
          ChronoField.MINUTE_OF_HOUR,
          ChronoField.SECOND_OF_MINUTE);

  private final LocalDateTime base;
  private final Period period;

  TrialMoments(int year, Period period) {
    this.base = LocalDateTime.of(year, 1, 1, 0, 0);
    this.period = period;
  }

  /** The first moment of this year. */
  LocalDateTime base() {
    return base;
  }

  /**
   * Whether ids of both moments have to differ: when one is of this year, or both of the same. So a
   * rule that will have run out of letters for the years some day is served until then.
   */
  boolean mustDiffer(LocalDateTime a, LocalDateTime b) {
    return a.getYear() == b.getYear() || Math.min(a.getYear(), b.getYear()) == base.getYear();
  }

  /** From the base to the next second and on to the next years: first what is nearest. */
  Collection<LocalDateTime> calendar() {
    Set<LocalDateTime> moments = new LinkedHashSet<>();
    add(moments, ChronoUnit.SECONDS, 1);
    add(moments, ChronoUnit.MINUTES, 1);
    add(moments, ChronoUnit.HOURS, 1);
    add(moments, ChronoUnit.DAYS, 7);
    add(moments, ChronoUnit.MONTHS, 11);
    add(moments, ChronoUnit.YEARS, YEARS - 1);
    add(moments, ChronoUnit.SECONDS, 120);
    add(moments, ChronoUnit.MINUTES, 120);
    add(moments, ChronoUnit.HOURS, 50);
    add(moments, ChronoUnit.DAYS, base.toLocalDate().lengthOfYear() - 1);
    for (LocalDateTime moment : List.copyOf(moments)) {
      if (moment.getYear() == base.getYear()) {
        addBorders(moments, moment);
      }
    }
    addEnds(moments);
    return moments;
  }

  private void add(Set<LocalDateTime> moments, ChronoUnit unit, long most) {
    for (long i = 0; i <= most; i++) {
      moments.add(base.plus(i, unit));
    }
  }

  /** The ends of all months to come: they are of different lengths, and weeks run over them. */
  private void addEnds(Set<LocalDateTime> moments) {
    for (int month = 12; month < 12 * YEARS; month++) {
      for (int day = -DAYS_AROUND; day < DAYS_AROUND; day++) {
        moments.add(base.plusMonths(month).plusDays(day));
      }
    }
  }

  /** Start and last second of the periods around: they need not begin with a day or an hour. */
  private void addBorders(Set<LocalDateTime> moments, LocalDateTime moment) {
    LocalDateTime start =
        LocalDateTime.ofEpochSecond(period.beginOf(period.startOf(moment)), 0, ZoneOffset.UTC);
    if (!start.isBefore(base)) {
      moments.add(start);
    }
    if (start.isAfter(base)) {
      moments.add(start.minusSeconds(1));
    }
  }

  /** Moments of which one part of the date or time is a look-alike. */
  Collection<LocalDateTime> oneLookAlike() {
    Set<LocalDateTime> moments = new LinkedHashSet<>();
    moments.add(base);
    PARTS.forEach(part -> moments.addAll(lookAlikes(List.of(base), part)));
    return moments;
  }

  /** Moments of which two parts that follow each other are look-alikes. */
  Collection<LocalDateTime> twoLookAlikes() {
    Set<LocalDateTime> moments = new LinkedHashSet<>();
    for (int i = 1; i < PARTS.size(); i++) {
      moments.addAll(lookAlikes(lookAlikes(List.of(base), PARTS.get(i - 1)), PARTS.get(i)));
    }
    return moments;
  }

  /** Days of which both parts are look-alikes. */
  Collection<LocalDateTime> days() {
    return lookAlikes(
        lookAlikes(List.of(base), ChronoField.MONTH_OF_YEAR), ChronoField.DAY_OF_MONTH);
  }

  private static List<LocalDateTime> lookAlikes(List<LocalDateTime> moments, ChronoField part) {
    List<LocalDateTime> found = new ArrayList<>();
    for (LocalDateTime moment : moments) {
      for (int value : LOOK_ALIKES) {
        if (part.range().isValidIntValue(value)) {
          found.add(moment.with(part, value));
        }
      }
    }
    return found;
  }
}
