package idserver.issue;

import idserver.counter.Moment;
import idserver.rule.Rule;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/** Which business days a rule numbers. Stateless. */
final class BusinessDay {
  static final Refusal NO_DATES =
      new Refusal(RefusalKind.BIZ_DATE_CLOSED, "biz_date: a rule of type time has no dates");

  static final Refusal GAP_FREE =
      new Refusal(
          RefusalKind.BIZ_DATE_CLOSED, "biz_date: a gap_free rule numbers the present day alone");

  private BusinessDay() {}

  static Refusal notAllowed(Rule rule) {
    return new Refusal(
        RefusalKind.BIZ_DATE_CLOSED,
        "biz_date: rule " + rule.name() + " numbers the present day alone; it has no biz_days()");
  }

  /**
   * The moment of a request of that day: the present one today, else noon on the clock of the rule.
   * Null where the rule does not number that day now.
   *
   * @param now the request's moment, on the clock of the rule
   * @param period the present period of its counter
   */
  static @Nullable Moment moment(Rule rule, LocalDate day, Moment now, long period) {
    LocalDate today = now.local().toLocalDate();
    if (day.equals(today)) {
      return now;
    }
    if (day.isAfter(today) || day.isBefore(today.minusDays(rule.bizDays().orElse(0)))) {
      return null;
    }
    Moment noon = now.atNoonOf(day);
    return rule.numbering().period().startOf(noon.local()) == period ? noon : null;
  }

  static Refusal closed(Rule rule, LocalDate day) {
    return new Refusal(
        RefusalKind.BIZ_DATE_CLOSED,
        "biz_date "
            + day
            + ": rule "
            + rule.name()
            + " numbers today and "
            + rule.bizDays().orElse(0)
            + " days before it (biz_days), within the present period ("
            + rule.numbering().period()
            + ")");
  }
}
