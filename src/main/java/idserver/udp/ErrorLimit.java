package idserver.udp;

import idserver.issue.NetworkTable;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many errors a network (see {@link NetworkTable}) is sent: so many a second, and those of two
 * seconds at once. Thread-safe, without locks.
 *
 * <p>A network that shares its cells with others is refused an error when both are full. To keep a
 * cell full takes as many errors as a network is allowed, so a flood that fills a tenth of the
 * cells would silence a hundredth of the others, and for no longer than it goes on.
 */
final class ErrorLimit {
  private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(2);

  // when each will have room for a burst again, in nanoseconds since the beginning
  private final NetworkTable emptyAt;
  private final long errorNanos;
  private final LongSupplier nanos;
  private final long beginning;

  /**
   * @param perSecond for each network, 1 to 1 000 000; 0 for no limit
   * @param nanos a clock such as {@link System#nanoTime}
   * @param seed not to be guessed
   */
  ErrorLimit(int perSecond, LongSupplier nanos, long seed) {
    this.errorNanos = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.emptyAt = new NetworkTable(seed);
    this.nanos = nanos;
    this.beginning = nanos.getAsLong();
  }

  /** Whether that source may be sent one error more, which is then counted as sent. */
  boolean allows(SocketAddress source) {
    if (errorNanos == 0) {
      return true;
    }
    long now = nanos.getAsLong() - beginning;
    long place = emptyAt.place(source instanceof InetSocketAddress inet ? inet.getAddress() : null);
    long fuller = Math.max(now, emptyAt.get(place)) + errorNanos;
    if (fuller - now > BURST_NANOS) {
      return false;
    }
    emptyAt.raise(place, fuller);
    return true;
  }
}
