package idserver.rule;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Ids on their way from a script to an answer, as UTF-8, one behind the other. Mutable, used again
 * and again by its owner, and confined to it. No id is empty or holds a control character.
 */
public final class Ids {
  private static final int FIRST_BYTES = 32;
  private static final int LONGEST_LONG = 20;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int[] ends = new int[1];
  private int size;
  private int escapes;

  /** These ids, in this order. */
  public static Ids of(List<String> ids) {
    Ids made = new Ids();
    for (String id : ids) {
      byte[] utf8 = id.getBytes(UTF_8);
      made.add(utf8, 0, utf8.length);
    }
    return made;
  }

  /** The same ids, in no more memory than they need; thread-safe as long as nothing is added. */
  public Ids copy() {
    Ids made = new Ids();
    made.bytes = Arrays.copyOf(bytes, bytes());
    made.ends = Arrays.copyOf(ends, size);
    made.size = size;
    made.escapes = escapes;
    return made;
  }

  /** How much memory it takes, in bytes, the objects themselves not counted. */
  public int footprint() {
    return bytes.length + Integer.BYTES * ends.length;
  }

  /** Forgets all ids. */
  public void clear() {
    size = 0;
    escapes = 0;
  }

  /** Adds the id that these bytes of UTF-8 are. */
  public void add(byte[] utf8, int from, int length) {
    int at = reserve(length);
    for (int i = 0; i < length; i++) {
      byte b = utf8[from + i];
      bytes[at + i] = b;
      if (b == '"' || b == '\\') {
        escapes++;
      }
    }
    end(at + length);
  }

  /** Adds a number as an id. */
  public void add(long id) {
    int at = reserve(LONGEST_LONG);
    int to = at + digits(id);
    long rest = id;
    for (int i = to; i > at; rest /= 10) {
      bytes[--i] = (byte) ('0' + Math.abs(rest % 10));
    }
    if (id < 0) {
      bytes[at] = '-';
    }
    end(to);
  }

  private static int digits(long number) {
    int digits = number < 0 ? 2 : 1;
    for (long rest = number / 10; rest != 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private int reserve(int length) {
    int at = size == 0 ? 0 : ends[size - 1];
    if (at + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(at + length, bytes.length * 2));
    }
    return at;
  }

  private void end(int at) {
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, Math.max(1, size * 2));
    }
    ends[size++] = at;
  }

  /** How many there are. */
  public int size() {
    return size;
  }

  /** How many bytes all of them have together. */
  public int bytes() {
    return size == 0 ? 0 : ends[size - 1];
  }

  /** How many quotes and backslashes they hold, which need an escape in JSON. */
  public int escapes() {
    return escapes;
  }

  /** The bytes of the longest, or 0 when there is none. */
  public int longest() {
    int longest = 0;
    for (int i = 0; i < size; i++) {
      longest = Math.max(longest, ends[i] - start(i));
    }
    return longest;
  }

  private int start(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  /** Writes the bytes of one id; returns the position after the last. */
  public int write(int i, byte[] into, int at) {
    int from = start(i);
    int length = ends[i] - from;
    System.arraycopy(bytes, from, into, at, length);
    return at + length;
  }

  /** One id as text. */
  public String text(int i) {
    int from = start(i);
    return new String(bytes, from, ends[i] - from, UTF_8);
  }

  /** All ids as text. */
  public List<String> texts() {
    return IntStream.range(0, size).mapToObj(this::text).toList();
  }

  @Override
  public String toString() {
    return texts().toString();
  }
}
