package idserver.rule;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.ThreeArgFunction;

/**
 * {@code permute(number, size, key)} of one sandbox: the number's {@link Permutation#place}. Keeps
 * what it made of the last few keys. Confined to the thread of its sandbox.
 */
final class PermuteFunction extends ThreeArgFunction {
  /** A key that is guessed gives all numbers away. */
  static final int SHORTEST_KEY = 16;

  /** What a place costs, in instructions: less than half a microsecond. */
  private static final int PLACE_UNITS = 25;

  /** What hashing a key costs on top of its length: some microseconds. */
  private static final int KEY_UNITS = 500;

  /** A rule usually has one key. */
  private static final int KEPT = 8;

  private record Kept(LuaString key, Permutation permutation) {}

  private final Meter meter;
  private final @Nullable Kept[] kept = new @Nullable Kept[KEPT];
  private int replaced;

  PermuteFunction(Meter meter) {
    this.meter = meter;
  }

  @Override
  public LuaValue call(LuaValue number, LuaValue size, LuaValue key) {
    meter.charge(PLACE_UNITS);
    long of = integer("size", size);
    if (of < 1 || of > Permutation.MAX_SIZE) {
      throw wrong("size must be 1 to 9007199254740992 (2^53): " + of);
    }
    long from = integer("number", number);
    if (from < 0 || from >= of) {
      throw wrong("number must be 0 to " + (of - 1) + ", as size is " + of + ": " + from);
    }
    if (!(key instanceof LuaString text)) {
      throw wrong("the key must be a string, but is a " + key.typename());
    }
    return LuaNumbers.of(permutation(of, text).place(from));
  }

  private Permutation permutation(long size, LuaString key) {
    for (Kept entry : kept) {
      if (entry != null && entry.permutation.size() == size && entry.key.raweq(key)) {
        return entry.permutation;
      }
    }
    int length = characters(key);
    if (length < SHORTEST_KEY) {
      throw wrong(
          "the key must have at least "
              + SHORTEST_KEY
              + " characters, but has "
              + length
              + ": take a long random text");
    }
    meter.charge(KEY_UNITS + key.m_length);
    byte[] bytes = Arrays.copyOfRange(key.m_bytes, key.m_offset, key.m_offset + key.m_length);
    Permutation made = new Permutation(size, bytes);
    kept[replaced] = new Kept(LuaString.valueUsing(bytes), made);
    replaced = (replaced + 1) % KEPT;
    return made;
  }

  /** Of UTF-8: what does not go on with a character begins one. */
  private static int characters(LuaString text) {
    int count = 0;
    for (int i = 0; i < text.m_length; i++) {
      if ((text.luaByte(i) & 0xc0) != 0x80) {
        count++;
      }
    }
    return count;
  }

  private static long integer(String name, LuaValue value) {
    try {
      return LuaNumbers.toLong(value);
    } catch (IllegalArgumentException e) {
      throw wrong(name + " " + e.getMessage());
    }
  }

  private static LuaError wrong(String what) {
    return new LuaError("permute: " + what);
  }
}
