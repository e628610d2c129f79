package idserver.reserve;

import idserver.counter.Grant;
import idserver.counter.NumberRange;
import idserver.counter.Wish;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The arithmetic of a reservation: which numbers come next above what is stored. */
public final class Allocation {
  /** A block larger than {@code batch_save} takes at most this share of what is left. */
  private static final long SHARE = 16;

  private Allocation() {}

  /**
   * The block that fulfils the wish.
   *
   * <p>A counter starts again with a period that begins when the one before has ended, or later.
   * Where a rule was given a shorter period, the present one of that kind began before: ids of it
   * have been issued, and the counter goes on.
   *
   * @param stored the counter's row, or null when there is none yet
   */
  public static Grant next(@Nullable CounterState stored, Wish wish) {
    return next(stored, wish, wish.numbering().range().step());
  }

  /**
   * The same where the store knows of other servers than who wishes.
   *
   * @param step how many servers there are, each of which has every so manieth number
   */
  public static Grant next(@Nullable CounterState stored, Wish wish, long step) {
    NumberRange wished = wish.numbering().range();
    NumberRange range = wished.among(step);
    CounterState known =
        new CounterState(
            wish.knownPeriod(), wish.knownUntil(), wish.knownReserved(), wish.epochSecond());
    long period = Math.max(wish.period(), known.period());
    long epochSecond = wish.epochSecond();
    if (stored != null) {
      period = Math.max(period, stored.period());
      epochSecond = Math.max(epochSecond, stored.epochSecond());
    }
    long begin = wish.numbering().period().beginOf(period);
    long until = wish.numbering().period().endOf(period);
    long reserved = NumberRange.NOTHING_RESERVED;
    // never below what this server has been granted, even if the database came back older
    for (CounterState before : stored == null ? List.of(known) : List.of(stored, known)) {
      if (before.period() == period || begin < before.until()) {
        reserved = Math.max(reserved, before.reserved());
        if (range.shared()) {
          // others may have blocks in hand that they reserved when the period was longer
          until = Math.max(until, before.until());
        }
      }
    }
    long first = range.firstAbove(reserved);
    if (first == NumberRange.NONE) {
      return Grant.exhausted(period, until, epochSecond);
    }
    long left = range.countFrom(first);
    long most = Math.max(left / SHARE, wish.numbering().batchSave());
    long size = Math.min(Math.min(Math.max(wish.size(), 1), most), left);
    boolean behind = isBehind(stored, known);
    long granted = step == wished.step() ? 0 : step;
    return new Grant(period, until, first, size, epochSecond, behind, granted);
  }

  /**
   * Whether the row promises less than this server has been granted, which no row does by right.
   */
  private static boolean isBehind(@Nullable CounterState stored, CounterState known) {
    return known.reserved() != NumberRange.NOTHING_RESERVED
        && (stored == null || stored.isBefore(known));
  }

  /**
   * The row after that grant; empty where it stays as it is.
   *
   * @param stored as it was, or null when there was none
   */
  public static Optional<CounterState> after(
      @Nullable CounterState stored, Grant grant, Wish wish) {
    if (grant.size() > 0) {
      return Optional.of(after(grant, wish));
    }
    // none is left in a shorter period than the rule had: the next one starts again
    return stored == null || stored.period() >= grant.period()
        ? Optional.empty()
        : Optional.of(
            new CounterState(
                grant.period(), grant.until(), stored.reserved(), grant.epochSecond()));
  }

  /** The row after that grant, which is not an exhausted one. */
  public static CounterState after(Grant grant, Wish wish) {
    return new CounterState(
        grant.period(), grant.until(), grant.lastIn(wish.numbering().range()), grant.epochSecond());
  }
}
