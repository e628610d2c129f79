package idserver.reserve;

import idserver.counter.Grant;
import idserver.counter.NumberRange;
import idserver.counter.Wish;
import org.jspecify.annotations.Nullable;

/** The arithmetic of a reservation: which numbers come next above what is stored. */
public final class Allocation {
  /** A block larger than {@code batch_save} takes at most this share of what is left. */
  private static final long SHARE = 16;

  private Allocation() {}

  /**
   * The block that fulfils the wish.
   *
   * @param stored the counter's row, or null when there is none yet
   */
  public static Grant next(@Nullable CounterState stored, Wish wish) {
    long period = Math.max(wish.period(), wish.knownPeriod());
    long epochSecond = wish.epochSecond();
    long reserved = NumberRange.NOTHING_RESERVED;
    if (stored != null) {
      period = Math.max(period, stored.period());
      epochSecond = Math.max(epochSecond, stored.epochSecond());
      if (stored.period() == period) {
        reserved = stored.reserved();
      }
    }
    if (wish.knownPeriod() == period) {
      // never below what this server has been granted, even if the database came back older
      reserved = Math.max(reserved, wish.knownReserved());
    }
    NumberRange range = wish.numbering().range();
    long first = range.firstAbove(reserved);
    if (first == NumberRange.NONE) {
      return Grant.exhausted(period, epochSecond);
    }
    long left = range.countFrom(first);
    long most = Math.max(left / SHARE, wish.numbering().batchSave());
    long size = Math.min(Math.min(Math.max(wish.size(), 1), most), left);
    return new Grant(period, first, size, epochSecond, isBehind(stored, wish));
  }

  /**
   * Whether the row promises less than this server has been granted, which no row does by right.
   */
  private static boolean isBehind(@Nullable CounterState stored, Wish wish) {
    return wish.knownReserved() != NumberRange.NOTHING_RESERVED
        && (stored == null
            || stored.isBefore(
                new CounterState(wish.knownPeriod(), wish.knownReserved(), wish.epochSecond())));
  }

  /** The row after that grant, which is not an exhausted one. */
  public static CounterState after(Grant grant, Wish wish) {
    long last = grant.first() + (grant.size() - 1) * wish.numbering().range().step();
    return new CounterState(grant.period(), last, grant.epochSecond());
  }
}
