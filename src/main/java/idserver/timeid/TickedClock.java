package idserver.timeid;

/**
 * A clock that goes on only when it is ticked, for who makes more than some million ids a second:
 * looking at it costs a read of memory, and not the 25 ns of the machine's clock. Thread-safe, but
 * for {@link #tick}, which is for one thread, or one after the other.
 *
 * <p>Where ticks come late, ids borrow, and their time is so much behind; nothing else changes.
 * src/docs/benchmarks/2026-11-22-time-ids.md has the figures.
 */
public final class TickedClock extends TimeIdClock {
  private final TimeIdClock source;
  private volatile long elapsedNanos;

  /**
   * @param source the clock whose time this one takes over at each tick
   */
  public TickedClock(TimeIdClock source) {
    super(source.startMs());
    this.source = source;
    this.elapsedNanos = source.elapsedNanos();
  }

  /** Takes over the time of the source. To be called about once a millisecond. */
  public void tick() {
    elapsedNanos = source.elapsedNanos();
  }

  @Override
  public long elapsedNanos() {
    return elapsedNanos;
  }

  @Override
  protected void pause(long nanos) {
    source.pause(nanos);
  }
}
