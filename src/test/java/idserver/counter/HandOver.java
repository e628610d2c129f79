package idserver.counter;

import static java.util.Objects.requireNonNull;

import idserver.testing.Play;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * One counter between those who draw, the writer that grants, a store that fails and a stop. At the
 * end each number has been issued once or is left, and everybody has been told.
 */
abstract class HandOver implements Play {
  private static final int NUMBERS = 16;
  private static final Numbering NUMBERING =
      new Numbering(new NumberRange(0, 1_000, 1, 0), Period.NEVER, 2);
  private static final Moment NOW = Moment.of(0, ZoneOffset.UTC);

  private final Demand demand = new Demand();
  private final StoredRow row = new StoredRow();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger told = new AtomicInteger();
  // how often each number was issued
  private final AtomicIntegerArray issued = new AtomicIntegerArray(NUMBERS);
  private final Counter counter =
      requireNonNull(
          new Counters(new SteadyClock(() -> 0, ZoneOffset.UTC), demand, 1, 10)
              .get(new CounterKey("rule", "app")));
  private volatile boolean closed;
  private volatile @Nullable Leftover leftover;

  /** Where the counter asks. Full for so many wishes. */
  private static final class Demand implements BlockDemand {
    private final AtomicInteger wished = new AtomicInteger();
    private final AtomicInteger refusing = new AtomicInteger();

    @Override
    public boolean want(Counter counter) {
      if (refusing.get() > 0 && refusing.getAndDecrement() > 0) {
        return false;
      }
      wished.incrementAndGet();
      return true;
    }

    @Override
    public boolean isDown() {
      return false;
    }
  }

  private final class Request implements Waiting {
    void draw() {
      while (true) {
        long number = counter.draw(NUMBERING, 0);
        if (number >= 0) {
          issued.incrementAndGet((int) number);
        } else if (number == Counter.EMPTY) {
          Counter.Parking parking = counter.park(this, NUMBERING, 0);
          if (parking == Counter.Parking.PARKED) {
            return;
          }
          if (parking == Counter.Parking.RETRY) {
            continue;
          }
        }
        told.incrementAndGet();
        return;
      }
    }

    @Override
    public long deadlineNanos() {
      return Long.MAX_VALUE;
    }

    @Override
    public int demand() {
      return 1;
    }

    @Override
    public void resume() {
      draw();
    }

    @Override
    public void giveUp() {
      told.incrementAndGet();
    }

    @Override
    public void closed() {
      told.incrementAndGet();
    }
  }

  /** Numbers that are there before the threads begin, so many of them issued. */
  final void begin(int reserved, int drawn) {
    request();
    grant(reserved);
    for (int i = 1; i < drawn; i++) {
      request();
    }
  }

  /** The next wish is refused, as the queue is full. */
  final void full() {
    demand.refusing.set(1);
  }

  /** Somebody wants a number. */
  final void request() {
    requests.incrementAndGet();
    new Request().draw();
  }

  /** The writer takes a wish, if there is one, and makes it come true. */
  final void grant(int size) {
    if (demand.wished.get() > 0) {
      demand.wished.decrementAndGet();
      Optional<Wish> wish = counter.wish(NOW);
      if (wish.isPresent()) {
        counter.granted(wish.get(), row.reserve(wish.get(), size));
      }
    }
  }

  /** The writer takes a wish, and the store fails. */
  final void fail() {
    if (demand.wished.get() > 0 && counter.wish(NOW).isPresent()) {
      counter.failed();
    }
  }

  /** The server stops. */
  final void close() {
    leftover = counter.close().orElse(null);
    closed = true;
  }

  @Override
  public void end() {
    for (int i = 0; i < 4 && demand.wished.get() > 0; i++) {
      grant(2);
    }
    if (told.get() != requests.get()) {
      throw new AssertionError(told + " of " + requests + " requests were told");
    }
    for (int number = 0; number < NUMBERS; number++) {
      if (issued.get(number) > 1) {
        throw new AssertionError(number + " was issued twice");
      }
    }
    if (!closed) {
      // nothing of what was reserved is lost
      for (long number = draw(); number >= 0; number = draw()) {
        issued.incrementAndGet((int) number);
      }
      issuedAreAllUpTo(requireNonNull(row.state()).reserved());
    } else if (leftover != null) {
      issuedAreAllUpTo(requireNonNull(leftover).issued());
    }
  }

  private long draw() {
    return counter.draw(NUMBERING, 0);
  }

  private void issuedAreAllUpTo(long last) {
    for (int number = 0; number < NUMBERS; number++) {
      boolean is = issued.get(number) == 1;
      if (is != number <= last) {
        throw new AssertionError(
            number + (is ? " was issued" : " was not issued") + ", and the last is " + last);
      }
    }
  }
}
