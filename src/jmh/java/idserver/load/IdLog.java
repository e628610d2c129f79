package idserver.load;

import java.util.Arrays;

/**
 * Every id that was received, to be looked through for duplicates when the load is over. Of an id
 * its digits are kept as one number, modulo 2<sup>64</sup>: ids that differ in no more than their
 * last 18 digits stay different. Confined to one thread.
 */
final class IdLog {
  private long[] ids = new long[1 << 20];
  private int size;

  /** Takes the id from these bytes; those that are no digits are passed over. */
  void add(byte[] bytes, int from, int to) {
    long id = 0;
    for (int i = from; i < to; i++) {
      int digit = bytes[i] - '0';
      if (digit >= 0 && digit <= 9) {
        id = id * 10 + digit;
      }
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
    }
    ids[size++] = id;
  }

  int size() {
    return size;
  }

  /** How many ids were received that had been received before. */
  int duplicates() {
    long[] sorted = Arrays.copyOf(ids, size);
    Arrays.sort(sorted);
    int duplicates = 0;
    for (int i = 1; i < size; i++) {
      if (sorted[i] == sorted[i - 1]) {
        duplicates++;
      }
    }
    return duplicates;
  }
}
