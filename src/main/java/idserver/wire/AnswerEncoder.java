package idserver.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.rule.Ids;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Encodes answers as JSON in UTF-8 without white space. Stateless.
 *
 * <p>Each answer is written either into a buffer of the caller, where it takes at most {@code
 * limit} bytes from {@code offset} on, or into a new array of just its size. The former return the
 * number of bytes written; 0 says that the answer does not fit and nothing was written. An offset
 * and a limit that do not lie in the buffer throw {@link IndexOutOfBoundsException}.
 */
public final class AnswerEncoder {
  private static final byte[] ID = ascii("{\"code\":0,\"message\":\"success\",\"data\":\"");
  private static final byte[] IDS = ascii("{\"code\":0,\"message\":\"success\",\"data\":[");
  private static final byte[] COUNTER =
      ascii("{\"code\":0,\"message\":\"ok\",\"data\":{\"counter\":");
  private static final byte[] NODE_OFFSET = ascii(",\"node_offset\":");
  private static final byte[] DONE = ascii("{\"code\":0,\"message\":\"ok\"");
  private static final byte[] MESSAGE = ascii(",\"message\":\"");
  private static final byte[] SEQ = ascii(",\"seq\":");
  private static final Map<RefusalKind, byte[]> ERRORS = errors();

  private AnswerEncoder() {}

  private static Map<RefusalKind, byte[]> errors() {
    Map<RefusalKind, byte[]> errors = new EnumMap<>(RefusalKind.class);
    for (RefusalKind kind : RefusalKind.values()) {
      errors.put(kind, ascii("{\"code\":" + kind.code() + ",\"error\":\"" + kind.name() + '"'));
    }
    return errors;
  }

  private static byte[] error(Refusal refusal) {
    return Objects.requireNonNull(ERRORS.get(refusal.kind()));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }

  /** Answers a request without count: one id, as a string. */
  public static int one(Ids ids, Seq seq, byte[] into, int offset, int limit) {
    Objects.checkFromIndexSize(offset, limit, into.length);
    if (sizeOfOne(ids, seq) > limit) {
      return 0;
    }
    int at = put(ID, into, offset);
    at = id(ids, 0, into, at);
    into[at++] = '"';
    return tail(seq, into, at) - offset;
  }

  /** As {@link #one(Ids, Seq, byte[], int, int)}, into an array of just the size. */
  public static byte[] one(Ids ids, Seq seq) {
    byte[] answer = new byte[sizeOfOne(ids, seq)];
    one(ids, seq, answer, 0, answer.length);
    return answer;
  }

  private static int sizeOfOne(Ids ids, Seq seq) {
    return ID.length + ids.bytes() + ids.escapes() + 1 + tailSize(seq);
  }

  /** Answers a request with a count, even of 1: a list of ids. */
  public static int many(Ids ids, Seq seq, byte[] into, int offset, int limit) {
    Objects.checkFromIndexSize(offset, limit, into.length);
    if (sizeOfMany(ids, seq) > limit) {
      return 0;
    }
    int at = put(IDS, into, offset);
    for (int i = 0; i < ids.size(); i++) {
      if (i > 0) {
        into[at++] = ',';
      }
      into[at++] = '"';
      at = id(ids, i, into, at);
      into[at++] = '"';
    }
    into[at++] = ']';
    return tail(seq, into, at) - offset;
  }

  /** As {@link #many(Ids, Seq, byte[], int, int)}, into an array of just the size. */
  public static byte[] many(Ids ids, Seq seq) {
    byte[] answer = new byte[sizeOfMany(ids, seq)];
    many(ids, seq, answer, 0, answer.length);
    return answer;
  }

  private static int sizeOfMany(Ids ids, Seq seq) {
    // two quotes each, and a comma between each two
    int around = 2 * ids.size() + Math.max(0, ids.size() - 1);
    return IDS.length + ids.bytes() + ids.escapes() + around + 1 + tailSize(seq);
  }

  private static int id(Ids ids, int i, byte[] into, int at) {
    if (ids.escapes() == 0) {
      return ids.write(i, into, at);
    }
    String text = ids.text(i);
    return JsonText.write(text, text.length(), into, at);
  }

  /**
   * The largest number of ids, each of {@code idBytes} between its quotes, whose list takes at most
   * {@code limit} bytes; 0 when not even one fits.
   */
  public static int mostIdsOf(int idBytes, Seq seq, int limit) {
    int room = limit - IDS.length - 1 - tailSize(seq);
    // two quotes each, and a comma between each two
    return room < 0 ? 0 : (room + 1) / (idBytes + 3);
  }

  /** Answers a monitor request. */
  public static int monitor(
      long counter, long nodeOffset, Seq seq, byte[] into, int offset, int limit) {
    Objects.checkFromIndexSize(offset, limit, into.length);
    if (sizeOfMonitor(counter, nodeOffset, seq) > limit) {
      return 0;
    }
    int at = put(COUNTER, into, offset);
    at = put(ascii(Long.toString(counter)), into, at);
    at = put(NODE_OFFSET, into, at);
    at = put(ascii(Long.toString(nodeOffset)), into, at);
    into[at++] = '}';
    return tail(seq, into, at) - offset;
  }

  /** As {@link #monitor(long, long, Seq, byte[], int, int)}, into an array of just the size. */
  public static byte[] monitor(long counter, long nodeOffset, Seq seq) {
    byte[] answer = new byte[sizeOfMonitor(counter, nodeOffset, seq)];
    monitor(counter, nodeOffset, seq, answer, 0, answer.length);
    return answer;
  }

  private static int sizeOfMonitor(long counter, long nodeOffset, Seq seq) {
    int digits = Long.toString(counter).length() + Long.toString(nodeOffset).length();
    return COUNTER.length + NODE_OFFSET.length + digits + 1 + tailSize(seq);
  }

  /** Answers a request of which there is no more to tell than that it is done. */
  public static int done(Seq seq, byte[] into, int offset, int limit) {
    Objects.checkFromIndexSize(offset, limit, into.length);
    if (DONE.length + tailSize(seq) > limit) {
      return 0;
    }
    return tail(seq, into, put(DONE, into, offset)) - offset;
  }

  /** As {@link #done(Seq, byte[], int, int)}, into an array of just the size. */
  public static byte[] done(Seq seq) {
    byte[] answer = new byte[DONE.length + tailSize(seq)];
    done(seq, answer, 0, answer.length);
    return answer;
  }

  /**
   * Answers that a request is refused. To fit, the message is cut between two characters, and left
   * out when not even an empty one fits; code, error and seq are never cut, so that 0 is returned
   * when those do not fit.
   */
  public static int refused(Refusal refusal, Seq seq, byte[] into, int offset, int limit) {
    Objects.checkFromIndexSize(offset, limit, into.length);
    byte[] error = error(refusal);
    int room = limit - error.length - tailSize(seq);
    if (room < 0) {
      return 0;
    }
    int at = put(error, into, offset);
    int messageRoom = room - MESSAGE.length - 1;
    if (messageRoom >= 0) {
      String message = refusal.message();
      at = put(MESSAGE, into, at);
      at = JsonText.write(message, JsonText.fitting(message, messageRoom), into, at);
      into[at++] = '"';
    }
    return tail(seq, into, at) - offset;
  }

  /** As {@link #refused(Refusal, Seq, byte[], int, int)}, complete, into an array of its size. */
  public static byte[] refused(Refusal refusal, Seq seq) {
    byte[] error = error(refusal);
    int message = MESSAGE.length + JsonText.size(refusal.message()) + 1;
    byte[] answer = new byte[error.length + message + tailSize(seq)];
    refused(refusal, seq, answer, 0, answer.length);
    return answer;
  }

  private static int tailSize(Seq seq) {
    return seq.length() == 0 ? 1 : SEQ.length + seq.length() + 1;
  }

  private static int tail(Seq seq, byte[] into, int at) {
    int to = seq.length() == 0 ? at : seq.writeTo(into, put(SEQ, into, at));
    into[to] = '}';
    return to + 1;
  }

  private static int put(byte[] bytes, byte[] into, int at) {
    System.arraycopy(bytes, 0, into, at, bytes.length);
    return at + bytes.length;
  }
}
