package idserver.issue;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * How many names of counters each network (see {@link NetworkTable}) has brought since the start,
 * so that one that makes up names without end leaves room for the others. Thread-safe, without
 * locks.
 */
public final class NewNames {
  private final NetworkTable brought;
  private final int most;

  /**
   * @param most for each network, 1 or more
   * @param seed not to be guessed
   */
  public NewNames(int most, long seed) {
    this.most = most;
    this.brought = new NetworkTable(seed);
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
    long place = brought.place(source);
    long count = brought.get(place);
    if (count >= most) {
      return false;
    }
    brought.raise(place, count + 1);
    return true;
  }
}
