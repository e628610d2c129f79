package idserver.timeid;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands where it is set. Thread-safe. A pause sets it forward. */
final class SetClock extends TimeIdClock {
  /** 2026-11-22T00:00Z. */
  static final long START_MS = 1_795_305_600_000L;

  private final AtomicLong elapsedNanos = new AtomicLong();

  SetClock() {
    this(START_MS);
  }

  SetClock(long startMs) {
    super(startMs);
  }

  @Override
  public long elapsedNanos() {
    return elapsedNanos.get();
  }

  void advanceMs(long ms) {
    advanceNanos(ms * 1_000_000);
  }

  void advanceNanos(long nanos) {
    elapsedNanos.addAndGet(nanos);
  }

  @Override
  protected void pause(long nanos) {
    advanceNanos(nanos);
  }
}
