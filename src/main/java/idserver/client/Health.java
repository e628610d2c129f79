package idserver.client;

import idserver.client.ClientMetrics.State;
import java.time.Duration;
import java.util.Random;

/**
 * How an address is thought of. One that fails is asked after all others, for a time that doubles
 * with each failure up to some seconds and is never the same twice; then one request finds out.
 * Written by the client's thread; anybody may ask for the {@link #state}.
 */
final class Health {
  private static final long FIRST_NANOS = Duration.ofMillis(100).toNanos();
  private static final long LONGEST_NANOS = Duration.ofSeconds(5).toNanos();
  private static final int MOST_DOUBLINGS = 6;

  private final Random random;
  private volatile int failures;
  private volatile long untilNanos;
  private boolean probed;

  Health(Random random) {
    this.random = random;
  }

  /** Whether it is to be asked in its turn. */
  boolean isWell(long nowNanos) {
    return failures == 0 || (!probed && untilNanos - nowNanos <= 0);
  }

  /** A request goes there: whether it is the one that finds out. */
  boolean begin(long nowNanos) {
    if (failures == 0 || !isWell(nowNanos)) {
      return false;
    }
    probed = true;
    return true;
  }

  /** The request that was to find out has ended, in whatever way. */
  void probeEnded() {
    probed = false;
  }

  void answered() {
    failures = 0;
    probed = false;
  }

  /** Failures that belong to the same back-off are one. */
  void failed(long nowNanos) {
    if (failures > 0 && untilNanos - nowNanos > 0) {
      return;
    }
    int now = failures + 1;
    long longest = Math.min(LONGEST_NANOS, FIRST_NANOS << Math.min(now - 1, MOST_DOUBLINGS));
    long half = longest / 2;
    untilNanos = nowNanos + half + (long) (random.nextDouble() * half);
    failures = now;
    probed = false;
  }

  int failures() {
    return failures;
  }

  State state(long nowNanos) {
    if (failures == 0) {
      return State.WELL;
    }
    return untilNanos - nowNanos > 0 ? State.BACKED_OFF : State.PROBED;
  }
}
