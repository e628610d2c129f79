package idserver.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import idserver.issue.Refusal;
import java.util.Arrays;

/**
 * What a request asks to have echoed: one JSON value of any type, 1 to 64 bytes as the client wrote
 * it, never converted; or nothing. Immutable, equal by its bytes.
 */
public final class Seq {
  /** The longest value, in bytes. */
  public static final int MAX_BYTES = 64;

  /** Nothing was asked to be echoed, which is not the same as {@code null}. */
  public static final Seq NONE = new Seq(new byte[0]);

  private final byte[] json;

  private Seq(byte[] json) {
    this.json = json;
  }

  /** A copy of bytes that are known to be one JSON value of the right length. */
  static Seq copyOf(byte[] buffer, int from, int to) {
    return new Seq(Arrays.copyOfRange(buffer, from, to));
  }

  /**
   * The value that {@code json} is, without white space around it.
   *
   * @throws IllegalArgumentException where {@link Members#checkSeq} has a refusal
   */
  public static Seq of(String json) {
    Refusal refusal = Members.checkSeq(json);
    if (refusal != null) {
      throw new IllegalArgumentException(refusal.message());
    }
    return new Seq(json.getBytes(UTF_8));
  }

  /** Bytes of the value, 0 to 64; 0 only when there is none. */
  public int length() {
    return json.length;
  }

  /** Writes the value as it was received; returns the position after its last byte. */
  public int writeTo(byte[] into, int at) {
    System.arraycopy(json, 0, into, at, json.length);
    return at + json.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Seq seq && Arrays.equals(json, seq.json);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(json);
  }

  /** The value as it was received. */
  @Override
  public String toString() {
    return new String(json, UTF_8);
  }
}
