package idserver.rule;

import idserver.counter.FiscalYear;
import idserver.counter.Moment;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.rule.Experiment.Case;
import idserver.rule.Experiment.Why;
import idserver.timeid.TimeIdSettings;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Has a script make ids of moments and numbers that its author should see. Confined to one thread.
 */
final class Experiments {
  /** So many equal servers are shown at most. */
  private static final int MOST_SERVERS = 16;

  private static final String NO_NUMBER =
      "no id: it draws a number above max_counter, or a time id that it may not have";

  private static final LocalTime LAST_SECOND = LocalTime.of(23, 59, 59);

  private final Script script;
  private final NumberRange range;
  private final Optional<FiscalYear> fiscalYear;
  private final Optional<TimeIdSettings> timeIds;
  private final String salt;

  Experiments(Script script, Numbering numbering, Optional<TimeIdSettings> timeIds, String salt) {
    this.script = script;
    this.range = numbering.range();
    this.fiscalYear = numbering.period().fiscalYear();
    this.timeIds = timeIds;
    this.salt = salt;
  }

  /** All cases that begin with that moment and number. */
  List<Case> of(LocalDateTime at, OptionalLong chosen) {
    LocalDate day = at.toLocalDate();
    LocalDate month = day.withDayOfMonth(1).plusMonths(1);
    LocalDate year = day.withDayOfYear(1).plusYears(1);
    long number = chosen.orElse(range.first());
    List<Case> cases = new ArrayList<>();
    cases.add(of(Why.CHOSEN, at, number));
    cases.add(of(Why.MIDNIGHT_BEFORE, day.atTime(LAST_SECOND), number));
    cases.add(of(Why.MIDNIGHT, day.plusDays(1).atStartOfDay(), number));
    cases.add(of(Why.MONTH_END, month.minusDays(1).atTime(LAST_SECOND), number));
    cases.add(of(Why.MONTH_BEGIN, month.atStartOfDay(), number));
    cases.add(of(Why.YEAR_END, year.minusDays(1).atTime(LAST_SECOND), number));
    cases.add(of(Why.YEAR_BEGIN, year.atStartOfDay(), number));
    if (fiscalYear.isPresent()) {
      LocalDateTime next = fiscalYear.get().nextBegin(day).atStartOfDay();
      cases.add(of(Why.FISCAL_YEAR_END, next.minusSeconds(1), number));
      cases.add(of(Why.FISCAL_YEAR_BEGIN, next, number));
    }
    cases.add(of(Why.MAXIMUM, at, last()));
    for (int server = 0; server < Math.min(range.step(), MOST_SERVERS); server++) {
      if (range.min() + server <= range.max()) {
        cases.add(of(Why.SERVER, at, range.min() + server));
      }
    }
    return cases;
  }

  private long last() {
    return range.first() + (range.countFrom(range.first()) - 1) * range.step();
  }

  private Case of(Why why, LocalDateTime at, long number) {
    long server = Math.floorMod(number - range.min(), range.step());
    try {
      String id = script.createId(new From(at, number), moment(at), salt);
      return id == null
          ? new Case(why, at, number, server, Optional.empty(), Optional.of(NO_NUMBER))
          : new Case(why, at, number, server, Optional.of(id), Optional.empty());
    } catch (RuleException e) {
      return new Case(
          why, at, number, server, Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private static Moment moment(LocalDateTime at) {
    long second = at.toEpochSecond(ZoneOffset.UTC);
    return new Moment(second, at, second);
  }

  /** Numbers from a chosen one on. */
  private final class From implements Draws {
    private final LocalDateTime at;
    private long next;
    private boolean over;
    private int timeIdsMade;

    From(LocalDateTime at, long first) {
      this.at = at;
      this.next = first;
      this.over = first > range.max();
    }

    @Override
    public long next() {
      if (over) {
        return STOP;
      }
      long number = next;
      over = next > range.max() - range.step();
      next += over ? 0 : range.step();
      return number;
    }

    @Override
    public long nextTimeId() {
      return timeIds
          .map(settings -> new TrialTimeIds(settings.format(), at).at(at, timeIdsMade++))
          .orElse(STOP);
    }
  }
}
