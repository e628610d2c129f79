package idserver.timeid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;

/**
 * The lives of one node's processes under random clocks: each starts with whatever the wall clock
 * shows, issues ids of one kind, and is killed at any point, before, between and after the steps by
 * which its promise becomes durable. Checks each id as it comes.
 */
final class ProcessLives {
  private static final long DAY_MS = 86_400_000;

  private final Random random;
  private final TimeIdFormat format;
  private long wallMs = SetClock.START_MS;
  private long storedMs;
  private long lastKey = -1;
  private long lastTimeMs;
  private long issued;
  private long refused;

  ProcessLives(long seed, TimeIdLayout layout) {
    random = new Random(seed);
    int nodes = random.nextBoolean() ? 1 : 1 + random.nextInt(7);
    format = new TimeIdFormat(layout, TimeIdFormat.DEFAULT_EPOCH_MS, random.nextInt(nodes), nodes);
  }

  long issued() {
    return issued;
  }

  long refused() {
    return refused;
  }

  /** Lives until so many ids have been issued. */
  void issue(long ids) {
    while (issued < ids) {
      live(Math.min(ids, issued + random.nextInt(20_000)));
      wallMs += anyStepMs();
    }
  }

  /** Forward, back, or not at all: milliseconds, seconds, an hour, a day. */
  private long anyStepMs() {
    long[] sizes = {0, 5, 1000, 20_000, 3_600_000, DAY_MS};
    long size = sizes[random.nextInt(sizes.length)];
    return random.nextBoolean() ? size : Math.max(-size, DAY_MS - wallMs);
  }

  private void live(long until) {
    SetClock clock = new SetClock(Math.max(wallMs, storedMs));
    TimePromise promise = TimePromise.startingAfter(storedMs);
    TimeIds ids =
        random.nextBoolean()
            ? new SharedTimeIds(anySettings(), clock, promise)
            : new ConfinedTimeIds(anySettings(), clock, promise);
    long paceNanos = random.nextBoolean() ? 300 : 3_000_000;
    while (issued < until) {
      if (random.nextInt(50) == 0 && !keep(promise, clock)) {
        return;
      }
      pass(clock, paceNanos);
      if (random.nextInt(20) == 0) {
        take(ids.tryNext(1 + random.nextInt(Math.min(ids.maxBatch(), anyBatch()))));
      } else {
        take(ids.tryNext());
      }
    }
  }

  private int anyBatch() {
    return random.nextInt(20) == 0 ? 20_000 : 50;
  }

  private TimeIdSettings anySettings() {
    return TimeIdSettings.of(format)
        .withSpreadMs(1 << random.nextInt(17))
        .withBorrowMs(random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(4000));
  }

  /** Extends the promise; false when the process dies over it. */
  private boolean keep(TimePromise promise, TimeIdClock clock) {
    long wantedMs = promise.wantedMs(clock.nowMs());
    int fate = random.nextInt(20);
    if (wantedMs == TimePromise.ENOUGH || fate == 0) {
      // the store is away
      return random.nextInt(100) > 0;
    }
    if (fate == 1) {
      return false;
    }
    storedMs = wantedMs;
    if (fate == 2) {
      return false;
    }
    promise.extendTo(wantedMs);
    return true;
  }

  /** The clock stands still, goes on, or jumps. */
  private void pass(SetClock clock, long paceNanos) {
    int how = random.nextInt(10_000);
    if (how == 0) {
      clock.advanceMs(random.nextInt(100_000));
      wallMs += 50_000;
    } else if (how < 5000) {
      clock.advanceNanos((long) (random.nextDouble() * paceNanos));
    }
  }

  private void take(TimeIdBatch batch) {
    if (batch.isRefused()) {
      take(batch.refusal().code());
    }
    for (int place = 0; place < batch.size(); place++) {
      take(batch.idAt(place));
    }
  }

  private void take(long id) {
    if (id < 0) {
      refused++;
      return;
    }
    long key = format.sortKey(id);
    if (key <= lastKey) {
      throw new AssertionError("id " + id + " does not follow " + lastKey + ", key " + key);
    }
    TimeIdParts parts = format.decode(id);
    if (parts.timeMs() >= storedMs || parts.node() != format.node()) {
      throw new AssertionError(parts + " is not covered by " + storedMs + " or not of " + format);
    }
    lastKey = key;
    lastTimeMs = parts.timeMs();
    issued++;
  }

  void check() {
    assertThat(lastTimeMs).isLessThan(storedMs);
  }
}
