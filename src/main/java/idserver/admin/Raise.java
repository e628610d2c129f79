package idserver.admin;

import idserver.counter.Counter;
import idserver.counter.Numbering;
import idserver.counter.SteadyClock;
import idserver.counter.Waiting;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A counter on its way above numbers that are in use elsewhere: it leaves them out at once, and by
 * its next reservation durably. Thread-safe.
 */
final class Raise implements Waiting {
  private final CompletableFuture<Boolean> done = new CompletableFuture<>();
  private final Counter counter;
  private final Numbering numbering;
  private final SteadyClock clock;
  private final long to;
  private final long deadlineNanos;

  Raise(Counter counter, Numbering numbering, SteadyClock clock, long to, long patienceNanos) {
    this.counter = counter;
    this.numbering = numbering;
    this.clock = clock;
    this.to = to;
    this.deadlineNanos = System.nanoTime() + patienceNanos;
  }

  /** Completes with whether it changed anything; fails with an {@link AdminRefusal}. */
  CompletionStage<Boolean> begin() {
    if (counter.raise(numbering.period(), period(), to)) {
      boolean waits = false;
      while (!waits && !done.isDone()) {
        waits = parks();
      }
    } else {
      done.complete(false);
    }
    return done;
  }

  private long period() {
    return presentPeriod(counter, numbering, clock);
  }

  /** The period that a request of this moment would be served in. */
  static long presentPeriod(Counter counter, Numbering numbering, SteadyClock clock) {
    long start = numbering.period().startOf(counter.clamp(clock.now(), numbering).local());
    return Math.max(counter.period(), start);
  }

  /** Waits for the block above, unless that is there or cannot come. */
  private boolean parks() {
    switch (counter.park(this, numbering, period())) {
      case PARKED -> {
        return true;
      }
      case RETRY -> {
        // a block is in hand; or one came that had been on its way, and is left out
        if (counter.view().left() > 0) {
          done.complete(true);
        }
      }
      case FULL -> refuse(429, "TOO_MANY", "too many requests wait for the database");
      case HOPELESS -> giveUp();
      case CLOSED -> closed();
    }
    return false;
  }

  private void refuse(int status, String error, String message) {
    done.completeExceptionally(new AdminRefusal(status, error, message));
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  @Override
  public int demand() {
    return 1;
  }

  @Override
  public void resume() {
    done.complete(true);
  }

  @Override
  public void giveUp() {
    refuse(
        503,
        "STORAGE_UNAVAILABLE",
        "the database did not answer; the counter leaves the numbers out until a restart: ask again");
  }

  @Override
  public void closed() {
    refuse(503, "NOT_READY", "the server is stopping");
  }
}
