package idserver.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server said. Immutable.
 *
 * @param code 0, or why it refused
 * @param error the refusal's name; empty when there is none
 * @param message may be cut, or empty, over UDP
 * @param ids those that it issued
 * @param progress what {@code monitor} tells; null for the others
 * @param seq of the request; -1 when it has none
 */
record Answer(
    int code,
    String error,
    String message,
    List<String> ids,
    @Nullable Progress progress,
    long seq) {

  /** Null when the text is no answer of this protocol. */
  static @Nullable Answer of(String text) {
    if (!(JsonReader.read(text) instanceof Map<?, ?> members)
        || !(members.get("code") instanceof Long code)) {
      return null;
    }
    String error = text(members, "error");
    long seq = members.get("seq") instanceof Long number ? number : -1;
    String message = text(members, "message");
    if (code != 0) {
      String name = error.isEmpty() ? "ERROR_" + code : error;
      return new Answer(code.intValue(), name, message, List.of(), null, seq);
    }
    Object data = members.get("data");
    if (data instanceof String id) {
      return new Answer(0, error, message, List.of(id), null, seq);
    }
    if (data instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
      List<String> ids = list.stream().map(String.class::cast).toList();
      return new Answer(0, error, message, ids, null, seq);
    }
    if (data instanceof Map<?, ?> told
        && told.get("counter") instanceof Long counter
        && told.get("node_offset") instanceof Long offset) {
      Progress progress = new Progress(counter, offset.intValue());
      return new Answer(0, error, message, List.of(), progress, seq);
    }
    if (data == null && message.equals("ok")) {
      return new Answer(0, error, message, List.of(), null, seq);
    }
    return null;
  }

  private static String text(Map<?, ?> members, String name) {
    return members.get(name) instanceof String text ? text : "";
  }

  /** Whether it is the whole answer to that question. */
  boolean answers(Question question) {
    return question.isMonitor() ? progress != null : ids.size() == question.ids();
  }

  /** Whether the server is as it should be, and only the request cannot be served there. */
  boolean isOfTheRequest() {
    return (code >= 400 && code < 500 && code != 429) || error.equals("RULE_ERROR");
  }

  /** Whether the server cannot serve anybody just now. */
  boolean isOfTheServer() {
    return code >= 500 && !isOfTheRequest();
  }

  /** Whether each server counts for itself here, so that another one may say something else. */
  boolean isOfOneServer() {
    return error.equals("EXHAUSTED") || error.equals("NOT_FOUND");
  }

  /** Whether over HTTP there is room for it. */
  boolean isTooLargeForUdp() {
    return error.equals("BAD_FIELD") && message.startsWith("count: at most");
  }

  boolean isRefusal() {
    return code != 0;
  }

  IdClientException refusal(String more) {
    return new IdClientException(error, code, message + more);
  }
}
