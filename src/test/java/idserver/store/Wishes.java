package idserver.store;

import idserver.counter.CounterKey;
import idserver.counter.NumberRange;
import idserver.counter.Numbering;
import idserver.counter.Period;
import idserver.counter.Wish;
import java.util.List;
import java.util.stream.IntStream;

/** Wishes of a counter from 0 up that never starts again. */
final class Wishes {
  static final int SIZE = 10;
  private static final Numbering NUMBERING =
      new Numbering(new NumberRange(0, 1L << 53, 1, 0), Period.NEVER, SIZE);

  private Wishes() {}

  /** A wish for {@link #SIZE} numbers. */
  static Wish of(String app) {
    return of(new CounterKey("order_id", app));
  }

  static Wish of(CounterKey key) {
    return new Wish(key, NUMBERING, 0, SIZE, Long.MIN_VALUE, 0, 0, 1_700_000_000L);
  }

  /** A wish for {@link #SIZE} numbers of the row that all servers share. */
  static Wish shared(CounterKey key, long known) {
    Numbering numbering =
        new Numbering(NumberRange.shared(0, 1L << 53), NUMBERING.period(), NUMBERING.batchSave());
    return new Wish(key, numbering, 0, SIZE, 0, 0, known, 1_700_000_000L);
  }

  /** Wishes of so many counters. */
  static List<Wish> many(int count) {
    return IntStream.range(0, count).mapToObj(i -> of("app " + i)).toList();
  }
}
