package idserver.model;

import java.util.Arrays;

/**
 * A state as bytes, read or written by the same calls in the same order: each call passes a value
 * through, which comes back as it is, or as it was written. Confined to one thread.
 */
final class Bytes {
  private byte[] bytes;
  private final boolean reading;
  private int size;

  private Bytes(byte[] bytes, boolean reading) {
    this.bytes = bytes;
    this.reading = reading;
  }

  static Bytes toRead(byte[] bytes) {
    return new Bytes(bytes, true);
  }

  static Bytes toWrite() {
    return new Bytes(new byte[64], false);
  }

  /** -128 to 127. */
  int pass(int value) {
    if (reading) {
      return bytes[size++];
    }
    if (size == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * size);
    }
    if (value != (byte) value) {
      throw new IllegalArgumentException("too large for a state: " + value);
    }
    bytes[size++] = (byte) value;
    return value;
  }

  boolean pass(boolean value) {
    return pass(value ? 1 : 0) == 1;
  }

  /** One of these. */
  <E> E pass(E[] all, E value) {
    int place = 0;
    while (!reading && !all[place].equals(value)) {
      place++;
    }
    return all[pass(place)];
  }

  byte[] written() {
    return Arrays.copyOf(bytes, size);
  }
}
