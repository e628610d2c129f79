package idserver.rule;

/**
 * SipHash-2-4 (Aumasson and Bernstein, 2012) of one word: without its key nobody tells its results
 * from random ones. Thread-safe.
 */
final class SipHash {
  private static final long LENGTH = 8L << 56;
  private static final int FINAL = 0xff;
  private static final int ROUNDS = 8;

  private SipHash() {}

  /** The hash of the word's eight bytes, the lowest first, with a key of 128 bits. */
  static long of(long key0, long key1, long word) {
    long v0 = key0 ^ 0x736f6d6570736575L;
    long v1 = key1 ^ 0x646f72616e646f6dL;
    long v2 = key0 ^ 0x6c7967656e657261L;
    long v3 = key1 ^ 0x7465646279746573L ^ word;
    for (int round = 0; round < ROUNDS; round++) {
      // two rounds for the word, two for its length, four at the end
      if (round == 2) {
        v0 ^= word;
        v3 ^= LENGTH;
      } else if (round == 4) {
        v0 ^= LENGTH;
        v2 ^= FINAL;
      }
      v0 += v1;
      v2 += v3;
      v1 = Long.rotateLeft(v1, 13) ^ v0;
      v3 = Long.rotateLeft(v3, 16) ^ v2;
      v0 = Long.rotateLeft(v0, 32);
      v2 += v1;
      v0 += v3;
      v1 = Long.rotateLeft(v1, 17) ^ v2;
      v3 = Long.rotateLeft(v3, 21) ^ v0;
      v2 = Long.rotateLeft(v2, 32);
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }
}
