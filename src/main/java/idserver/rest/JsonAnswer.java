package idserver.rest;

import idserver.issue.Refusal;
import idserver.wire.AnswerEncoder;
import idserver.wire.Seq;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;

/** Makes the HTTP answers of this room, with all their headers. Stateless. */
final class JsonAnswer {
  /** After how many seconds a client that has no other server to ask may ask this one again. */
  private static final String RETRY_AFTER_S = "1";

  private JsonAnswer() {}

  /** An answer that no cache keeps: each id is for one client. */
  static Response of(int status, byte[] json) {
    return builder(status, json).build();
  }

  /** The answer to a request that is refused. */
  static Response of(Refusal refusal, Seq seq) {
    int status = refusal.kind().code();
    ResponseBuilder answer = builder(status, AnswerEncoder.refused(refusal, seq));
    if (status == 429 || status == 503) {
      answer.header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_S);
    }
    return answer.build();
  }

  private static ResponseBuilder builder(int status, byte[] json) {
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .header(HttpHeaders.CONTENT_LENGTH, json.length)
        .entity(json);
  }
}
