package idserver.reserve;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Logger;

/** Whether the store works, and the two log lines of each outage. Thread-safe. */
final class StoreHealth {
  private static final Logger LOG = Logger.getLogger(StoreHealth.class.getName());

  private final AtomicBoolean down = new AtomicBoolean();
  private final LongAdder failures = new LongAdder();
  private volatile long downSinceNanos;

  void failed(StoreException e) {
    failures.increment();
    if (down.compareAndSet(false, true)) {
      downSinceNanos = System.nanoTime();
      LOG.warning(e.forOperator());
    }
  }

  void worked() {
    // read first: this is called for every reservation
    if (down.get() && down.compareAndSet(true, false)) {
      LOG.info("Numbers can be reserved again");
    }
  }

  /** When the outage began, by {@link System#nanoTime}; of no meaning when there is none. */
  long downSinceNanos() {
    return downSinceNanos;
  }

  /** How often it has failed so far. */
  long failures() {
    return failures.sum();
  }

  boolean isDown() {
    return down.get();
  }
}
