package idserver.counter;

import idserver.reserve.Allocation;
import idserver.reserve.CounterState;
import org.jspecify.annotations.Nullable;

/** One counter's row, in memory. Confined to one thread at a time. */
final class StoredRow {
  private @Nullable CounterState state;

  @Nullable CounterState state() {
    return state;
  }

  /** Reserves as many numbers as are wished for. */
  Grant reserve(Wish wish) {
    return reserve(wish, wish.size());
  }

  /** Reserves so many numbers, or what the range and the rule's share allow. */
  Grant reserve(Wish wish, long size) {
    Wish sized =
        new Wish(
            wish.key(),
            wish.numbering(),
            wish.period(),
            size,
            wish.knownPeriod(),
            wish.knownUntil(),
            wish.knownReserved(),
            wish.epochSecond());
    Grant grant = Allocation.next(state, sized);
    Allocation.after(state, grant, sized).ifPresent(after -> state = after);
    return grant;
  }

  /** Takes back what is left, where nobody has gone on since. */
  void giveBack(Leftover leftover) {
    CounterState now = state;
    if (now != null && now.period() == leftover.period() && now.reserved() == leftover.reserved()) {
      state = now.promising(leftover.issued());
    }
  }
}
