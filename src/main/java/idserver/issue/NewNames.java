package idserver.issue;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * How many names of counters each {@link Network} has brought since the start, so that one that
 * makes up names without end leaves room for the others. Thread-safe, without locks.
 *
 * <p>The memory is the same for any number of networks. Each has a cell in either half of a table,
 * which it may share with others, and is refused when both are full.
 */
public final class NewNames {
  /** Cells in a half: a power of two. The table takes 64 KiB. */
  private static final int CELLS = 1 << 13;

  private final AtomicIntegerArray cells = new AtomicIntegerArray(2 * CELLS);
  private final int most;
  private final long seed;

  /**
   * @param most for each network, 1 or more
   * @param seed not to be guessed
   */
  public NewNames(int most, long seed) {
    this.most = most;
    this.seed = seed;
  }

  /**
   * Whether that source may bring one name more, which is then counted. Threads that come at once
   * may be counted as one.
   *
   * @param source null when it is not known: then it may
   */
  boolean allows(@Nullable InetAddress source) {
    if (source == null) {
      return true;
    }
    long hash = Network.hash(Network.of(source), seed);
    int one = (int) hash & (CELLS - 1);
    int other = CELLS + ((int) (hash >>> 32) & (CELLS - 1));
    // of two that are shared with others, the less full one is nearer to the truth
    int count = Math.min(cells.get(one), cells.get(other));
    if (count >= most) {
      return false;
    }
    fill(one, count);
    fill(other, count);
    return true;
  }

  private void fill(int cell, int count) {
    cells.compareAndSet(cell, count, count + 1);
  }
}
