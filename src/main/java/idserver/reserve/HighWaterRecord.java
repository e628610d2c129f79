package idserver.reserve;

import idserver.counter.CounterKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How a mark stands in the high-water file, and the head of that file. Immutable.
 *
 * <p>A record is its body's length (4 bytes), the CRC-32C of the body (4) and the body: period,
 * reserved, second (8 each), length of the rule's name (2), end of the period (8), rule's name,
 * application's name. The length's highest bit is set; a record of an earlier version, where it is
 * not, has no end of the period. The head is {@code IDHWM001}, instance (16), node offset (4) and
 * their CRC-32C (4).
 */
record HighWaterRecord(CounterKey key, CounterState state) {
  static final int HEAD_LENGTH = 32;

  private static final long MAGIC = 0x4944_4857_4D30_3031L;
  private static final int FRAME = 8;
  private static final int FIXED = 26;
  private static final int LARGEST = FIXED + Long.BYTES + 2 * 0x7FFF;
  private static final int WITH_END = 0x8000;

  /** The bytes of a record. */
  byte[] encoded() {
    byte[] rule = key.rule().getBytes(StandardCharsets.UTF_8);
    byte[] app = key.app().getBytes(StandardCharsets.UTF_8);
    ByteBuffer record = ByteBuffer.allocate(FRAME + FIXED + Long.BYTES + rule.length + app.length);
    record.position(FRAME);
    record.putLong(state.period()).putLong(state.reserved()).putLong(state.epochSecond());
    record.putShort((short) (rule.length | WITH_END)).putLong(state.until()).put(rule).put(app);
    int length = record.position() - FRAME;
    record.putInt(0, length).putInt(4, checksum(record, FRAME, length));
    return record.array();
  }

  /**
   * The next record, or null where none is whole: at the end, or where a write was cut off. The
   * position is then left where it was.
   */
  static @Nullable HighWaterRecord next(ByteBuffer file) {
    int start = file.position();
    if (file.remaining() < FRAME + FIXED) {
      return null;
    }
    int length = file.getInt();
    int checksum = file.getInt();
    if (length < FIXED
        || length > LARGEST
        || length > file.remaining()
        || checksum(file, file.position(), length) != checksum) {
      file.position(start);
      return null;
    }
    int end = file.position() + length;
    long period = file.getLong();
    long reserved = file.getLong();
    long epochSecond = file.getLong();
    int ruleLength = Short.toUnsignedInt(file.getShort());
    long until = (ruleLength & WITH_END) == 0 ? 0 : file.getLong();
    String rule = text(file, ruleLength & ~WITH_END);
    String app = text(file, end - file.position());
    return new HighWaterRecord(
        new CounterKey(rule, app), new CounterState(period, until, reserved, epochSecond));
  }

  private static String text(ByteBuffer file, int length) {
    byte[] bytes = new byte[length];
    file.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static byte[] head(UUID instance, int nodeOffset) {
    ByteBuffer head = ByteBuffer.allocate(HEAD_LENGTH).putLong(MAGIC);
    head.putLong(instance.getMostSignificantBits()).putLong(instance.getLeastSignificantBits());
    head.putInt(nodeOffset);
    return head.putInt(checksum(head, 0, head.position())).array();
  }

  /** The instance that the head tells, or null when it is no head, or another node's. */
  static @Nullable UUID instance(ByteBuffer file, int nodeOffset) {
    if (file.remaining() < HEAD_LENGTH || file.getLong() != MAGIC) {
      return null;
    }
    UUID instance = new UUID(file.getLong(), file.getLong());
    boolean same = file.getInt() == nodeOffset;
    boolean whole = file.getInt() == checksum(file, 0, HEAD_LENGTH - 4);
    return same && whole ? instance : null;
  }

  private static int checksum(ByteBuffer bytes, int from, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.slice(from, length));
    return (int) checksum.getValue();
  }
}
