package idserver.issue;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/**
 * A number for each network, which only rises. A network is the first 24 bits of an address of
 * IPv4, or the first 56 of IPv6: about what one place has. Thread-safe, without locks.
 *
 * <p>The memory is the same for any number of networks, as the addresses may be forged. Each has a
 * cell in either half of a table, which it may share with others; the lower of the two is nearer to
 * the truth. The cells are told by a hash with a secret seed, so that nobody can aim at another
 * one's.
 */
public final class NetworkTable {
  /** Cells in a half: a power of two. The table takes 128 KiB. */
  private static final int CELLS = 1 << 13;

  private final AtomicLongArray cells = new AtomicLongArray(2 * CELLS);
  private final long seed;

  /**
   * @param seed not to be guessed
   */
  public NetworkTable(long seed) {
    this.seed = seed;
  }

  /** Which cells the network of that address has. */
  public long place(@Nullable InetAddress address) {
    return hash(network(address) ^ seed);
  }

  /** The number of the network of that place, or a higher one when others share both cells. */
  public long get(long place) {
    return Math.min(cells.get(one(place)), cells.get(other(place)));
  }

  /** Has the number be at least that. Two threads that come at once may count as one. */
  public void raise(long place, long to) {
    raiseCell(one(place), to);
    raiseCell(other(place), to);
  }

  private void raiseCell(int cell, long to) {
    long seen = cells.get(cell);
    while (seen < to && !cells.compareAndSet(cell, seen, to)) {
      seen = cells.get(cell);
    }
  }

  private static int one(long place) {
    return (int) place & (CELLS - 1);
  }

  private static int other(long place) {
    return CELLS + ((int) (place >>> 32) & (CELLS - 1));
  }

  private static long network(@Nullable InetAddress address) {
    if (address == null) {
      return 0;
    }
    byte[] bytes = address.getAddress();
    int length = bytes.length == 4 ? 3 : 7;
    long network = length;
    for (int i = 0; i < length; i++) {
      network = (network << 8) | (bytes[i] & 0xff);
    }
    return network;
  }

  /** Each bit of the answer depends on each bit of the value. As in SplittableRandom. */
  private static long hash(long value) {
    long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
