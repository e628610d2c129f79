package idserver.issue;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * The network of a client: the first 24 bits of its address of IPv4, or the first 56 of IPv6, which
 * is about what one place has. As places in tables of one size for any number of networks.
 */
public final class Network {
  private Network() {}

  /** The network of an address, as a number; 0 when there is none. */
  public static long of(@Nullable InetAddress address) {
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

  /**
   * Each bit of the answer depends on each bit of the network and of the seed. As in
   * SplittableRandom.
   *
   * @param seed not to be guessed, so that nobody can aim at another one's place
   */
  public static long hash(long network, long seed) {
    long mixed = network ^ seed;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    return mixed ^ (mixed >>> 31);
  }
}
