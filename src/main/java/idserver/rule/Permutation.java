package idserver.rule;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * An order of the numbers below a size that a key decides: each number has one place of its own,
 * and who does not have the key cannot tell which. Immutable and thread-safe.
 *
 * <p>It is the generalised Feistel cipher of Black and Rogaway ("Ciphers with Arbitrary Finite
 * Domains", 2002): a number is two halves of a mixed radix, and by turns each half is moved on by a
 * keyed hash of the other. Their product is at least the size, by less than a half; a place beyond
 * the size goes round once more.
 *
 * <p>Numbers in use depend on every detail here: what comes out must never change.
 */
final class Permutation {
  /** All integers below are exact in Lua. */
  static final long MAX_SIZE = LuaNumbers.MAX_EXACT;

  private static final String PURPOSE = "id_server permute 1\n";
  private static final int ROUNDS = 12;
  private static final int ROUND_SHIFT = 56;

  private final long size;
  private final long left;
  private final long right;
  private final long key0;
  private final long key1;

  /**
   * @param size 1 to {@link #MAX_SIZE}
   * @param key any bytes; each size has an order of its own with the same key
   */
  Permutation(long size, byte[] key) {
    if (size < 1 || size > MAX_SIZE) {
      throw new IllegalArgumentException("size must be 1 to " + MAX_SIZE + ": " + size);
    }
    this.size = size;
    this.left = rootUp(size);
    this.right = (size + left - 1) / left;
    ByteBuffer keys = ByteBuffer.wrap(digest(size, key));
    this.key0 = keys.getLong();
    this.key1 = keys.getLong();
  }

  /** The smallest number whose square is at least that. */
  private static long rootUp(long square) {
    long root = (long) Math.sqrt((double) square);
    while (root * root < square) {
      root++;
    }
    while ((root - 1) * (root - 1) >= square) {
      root--;
    }
    return root;
  }

  private static byte[] digest(long size, byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(PURPOSE.getBytes(StandardCharsets.US_ASCII));
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, size));
      return digest.digest(key);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  long size() {
    return size;
  }

  /**
   * The place of a number, 0 to size - 1.
   *
   * @param number 0 to size - 1
   */
  long place(long number) {
    long place = number;
    do {
      place = move(place);
    } while (place >= size);
    return place;
  }

  private long move(long number) {
    long l = number / right;
    long r = number % right;
    for (long round = 0; round < ROUNDS; round += 2) {
      l += below(left, SipHash.of(key0, key1, round << ROUND_SHIFT | r));
      l -= l >= left ? left : 0;
      r += below(right, SipHash.of(key0, key1, (round + 1) << ROUND_SHIFT | l));
      r -= r >= right ? right : 0;
    }
    return l * right + r;
  }

  /** A number below {@code most}, which is at most 2^27, evenly from all hashes. */
  private static long below(long most, long hash) {
    return Math.multiplyHigh(hash >>> 1, most << 1);
  }
}
