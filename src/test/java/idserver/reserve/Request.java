package idserver.reserve;

import idserver.counter.Counter;
import idserver.counter.CounterKey;
import idserver.counter.Moment;
import idserver.counter.Numbering;
import idserver.counter.SteadyClock;
import idserver.counter.Waiting;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A request for one number: the shortest user of a counter. Confined like a real one. */
final class Request implements Waiting {
  /** What it was told: numbers from 0 up, or why not. */
  final List<Long> told = new CopyOnWriteArrayList<>();

  static final long GAVE_UP = -100;
  static final long CLOSED = -101;
  static final long FULL = -102;
  static final long HOPELESS = -103;

  private final Counter counter;
  private final Numbering numbering;
  private final SteadyClock clock;
  private long period;

  Request(Counter counter, Numbering numbering, SteadyClock clock) {
    this.counter = counter;
    this.numbering = numbering;
    this.clock = clock;
  }

  Request run() {
    while (!advance()) {
      // the period went on, or a block came: again
    }
    return this;
  }

  private boolean advance() {
    Moment moment = counter.clamp(clock.now(), numbering);
    period = numbering.period().startOf(moment.local());
    long number = counter.draw(numbering, period);
    if (number == Counter.MOVED_ON) {
      return false;
    }
    if (number != Counter.EMPTY) {
      told.add(number);
      return true;
    }
    switch (counter.park(this, numbering, period)) {
      case PARKED -> {
        return true;
      }
      case RETRY -> {
        return false;
      }
      case FULL -> told.add(FULL);
      case HOPELESS -> told.add(HOPELESS);
      case CLOSED -> told.add(CLOSED);
    }
    return true;
  }

  /** The number it was told, with whose it is. */
  Issued issued() {
    return new Issued(counter.key(), period, told.get(0));
  }

  /** A number, which may be issued once. */
  record Issued(CounterKey key, long period, long number) {}

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
    run();
  }

  @Override
  public void giveUp() {
    told.add(GAVE_UP);
  }

  @Override
  public void closed() {
    told.add(CLOSED);
  }
}
