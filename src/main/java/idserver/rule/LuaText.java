package idserver.rule;

import java.util.Arrays;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;

/**
 * A string being made, bounded by {@link Meter#MAX_STRING_BYTES} and paid for when it is finished.
 * Confined to the thread of its sandbox.
 */
final class LuaText {
  private static final int FIRST_CAPACITY = 64;

  /**
   * The interpreter looks for strings that lie in less bytes than this among those made last, by
   * all threads: that takes longer than making one, and finds none, as ids differ.
   */
  private static final int NOT_SHARED = 33;

  private final Meter meter;
  private byte[] bytes = new byte[FIRST_CAPACITY];
  private int length;

  LuaText(Meter meter) {
    this.meter = meter;
  }

  LuaText clear() {
    length = 0;
    return this;
  }

  void add(int b) {
    reserve(1);
    bytes[length++] = (byte) b;
  }

  void add(byte[] source, int start, int count) {
    reserve(count);
    System.arraycopy(source, start, bytes, length, count);
    length += count;
  }

  void add(LuaString string) {
    add(string.m_bytes, string.m_offset, string.m_length);
  }

  /** Adds a text of ASCII characters. */
  void add(String ascii) {
    reserve(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      bytes[length++] = (byte) ascii.charAt(i);
    }
  }

  /** Adds a byte {@code count} times; none if the count is not positive. */
  void fill(int b, int count) {
    if (count > 0) {
      reserve(count);
      Arrays.fill(bytes, length, length + count, (byte) b);
      length += count;
    }
  }

  LuaString finish() {
    meter.chargeString(length);
    return LuaString.valueUsing(Arrays.copyOf(bytes, Math.max(length, NOT_SHARED)), 0, length);
  }

  private void reserve(int count) {
    if (count > bytes.length - length) {
      grow(count);
    }
  }

  private void grow(int count) {
    if (count > Meter.MAX_STRING_BYTES - length) {
      throw new LuaError("string longer than " + Meter.MAX_STRING_BYTES + " bytes");
    }
    bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
  }
}
