package idserver.admin;

import idserver.counter.CounterView;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.rule.Rule;
import idserver.store.StoredCounter;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * A counter of one server, for people. Immutable; numbers are strings, as not every reader of JSON
 * keeps 64 bits.
 *
 * @param rule its rule
 * @param app its namespace
 * @param nodeOffset {@code id_offset} of the server; -1 for the one row of a shared allocation
 * @param allocation who has which of its numbers: {@code interleaved}, {@code shared}, {@code
 *     strict} or {@code gap_free}; null as {@code period}
 * @param period how often it starts again; null when the rule is not served any more, as all that
 *     the rule tells
 * @param periodStart when the latest period began that was reserved in, on the rule's clock
 * @param lastNumber the last number issued; null when it was not used here since the start
 * @param reserved the highest number reserved
 * @param min smallest number of the rule
 * @param max largest number of the rule
 * @param usedShare how much of the range is reserved, 0 to 1
 * @param nearEnd whether that is the rule's {@code warn_share} or more
 * @param blockLeft how many numbers are reserved and not issued; null as {@code lastNumber}
 * @param exhaustedAt when the range is used up at the pace of the period so far; null when it is
 *     not going to be within the period
 * @param reservedAt when it was last reserved from; null when its server never has, and was only
 *     told which numbers are in use elsewhere
 */
public record CounterItem(
    String rule,
    String app,
    int nodeOffset,
    @Nullable String allocation,
    @Nullable String period,
    @Nullable String periodStart,
    @Nullable String lastNumber,
    String reserved,
    @Nullable String min,
    @Nullable String max,
    @Nullable Double usedShare,
    boolean nearEnd,
    @Nullable String blockLeft,
    @Nullable String exhaustedAt,
    @Nullable String reservedAt) {

  /** Below this a pace says nothing. */
  private static final long LEAST_SECONDS = 60;

  static CounterItem of(
      StoredCounter stored,
      @Nullable Rule rule,
      @Nullable CounterView live,
      ZoneId zone,
      Instant now) {
    long reservedAt = stored.state().epochSecond();
    String last = null;
    String left = null;
    if (live != null && live.period() == stored.state().period() && live.lastIssued().isPresent()) {
      last = live.lastIssued().get().toString();
      left = Long.toString(live.left());
    }
    Numbering numbering = rule == null ? null : rule.numbering();
    LocalDateTime start = periodBegin(numbering, stored.state().period());
    boolean never = numbering != null && numbering.period().equals(Period.NEVER);
    long reserved = stored.state().reserved();
    return new CounterItem(
        stored.key().rule(),
        stored.key().app(),
        stored.nodeOffset(),
        rule == null ? null : RuleChange.allocation(rule),
        numbering == null ? null : numbering.period().toString(),
        never ? null : start.toString(),
        last,
        Long.toString(reserved),
        numbering == null ? null : Long.toString(numbering.range().min()),
        numbering == null ? null : Long.toString(numbering.range().max()),
        numbering == null ? null : usedShare(numbering.range(), reserved),
        rule != null && usedShare(rule.numbering().range(), reserved) >= rule.warnShare(),
        left,
        numbering == null || never ? null : exhaustedAt(numbering, reserved, start, zone, now),
        reservedAt == 0
            ? null
            : Instant.ofEpochSecond(reservedAt).atZone(zone).toOffsetDateTime().toString());
  }

  static double usedShare(NumberRange range, long reserved) {
    double used = (double) reserved - range.min() + 1;
    return Math.max(0, Math.min(1, used / ((double) range.max() - range.min() + 1)));
  }

  private static @Nullable String exhaustedAt(
      Numbering numbering, long reserved, LocalDateTime start, ZoneId zone, Instant now) {
    ZoneId own = numbering.zone().orElse(zone);
    LocalDateTime local = LocalDateTime.ofInstant(now, own);
    long seconds = start.until(local, ChronoUnit.SECONDS);
    double used = usedShare(numbering.range(), reserved);
    if (seconds < LEAST_SECONDS || used <= 0) {
      return null;
    }
    double more = seconds * (1 - used) / used;
    // beyond this no calendar counts
    if (more > Integer.MAX_VALUE) {
      return null;
    }
    LocalDateTime end = local.plusSeconds((long) more);
    Period period = numbering.period();
    return period.startOf(end) == period.startOf(start)
        ? end.atZone(own).toOffsetDateTime().toString()
        : null;
  }

  /** When a period begins that is told by that start, on the rule's clock. */
  static LocalDateTime periodBegin(@Nullable Numbering numbering, long start) {
    long begin = numbering == null ? start : numbering.period().beginOf(start);
    return LocalDateTime.ofEpochSecond(begin, 0, ZoneOffset.UTC);
  }
}
