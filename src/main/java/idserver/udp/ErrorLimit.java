package idserver.udp;

import idserver.issue.Network;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * How many errors a {@link Network} is sent: so many a second, and those of two seconds at once.
 * Thread-safe, without locks.
 *
 * <p>The memory is the same for any number of networks, as the addresses may be forged. Each has a
 * cell in either half of a table, which it may share with others, and is refused an error when both
 * are full. The cells are told by a hash with a secret seed, so that nobody can aim at another
 * one's. To keep a cell full takes as many errors as a network is allowed, so a flood that fills a
 * tenth of the cells would silence a hundredth of the others, and for no longer than it goes on.
 */
final class ErrorLimit {
  /** Cells in a half: a power of two. The table takes 128 KiB. */
  static final int CELLS = 1 << 13;

  private static final long BURST_NANOS = TimeUnit.SECONDS.toNanos(2);

  // when each cell will be empty again, in nanoseconds since the beginning
  private final AtomicLongArray emptyAt;
  private final long errorNanos;
  private final LongSupplier nanos;
  private final long beginning;
  private final long seed;

  /**
   * @param perSecond for each network, 1 to 1 000 000; 0 for no limit
   * @param nanos a clock such as {@link System#nanoTime}
   * @param seed not to be guessed
   */
  ErrorLimit(int perSecond, LongSupplier nanos, long seed) {
    this.errorNanos = perSecond == 0 ? 0 : TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.emptyAt = new AtomicLongArray(perSecond == 0 ? 0 : 2 * CELLS);
    this.nanos = nanos;
    this.beginning = nanos.getAsLong();
    this.seed = seed;
  }

  /** Whether that source may be sent one error more, which is then counted as sent. */
  boolean allows(SocketAddress source) {
    if (errorNanos == 0) {
      return true;
    }
    long now = nanos.getAsLong() - beginning;
    long hash = Network.hash(network(source), seed);
    int one = (int) hash & (CELLS - 1);
    int other = CELLS + ((int) (hash >>> 32) & (CELLS - 1));
    // of two that are shared with others, the less full one is nearer to the truth
    long fuller = Math.max(now, Math.min(emptyAt.get(one), emptyAt.get(other))) + errorNanos;
    if (fuller - now > BURST_NANOS) {
      return false;
    }
    fill(one, fuller);
    fill(other, fuller);
    return true;
  }

  /** Two threads that come at once may count as one. */
  private void fill(int cell, long until) {
    long seen = emptyAt.get(cell);
    while (seen < until && !emptyAt.compareAndSet(cell, seen, until)) {
      seen = emptyAt.get(cell);
    }
  }

  private static long network(SocketAddress source) {
    return Network.of(source instanceof InetSocketAddress inet ? inet.getAddress() : null);
  }
}
