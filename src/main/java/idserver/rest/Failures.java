package idserver.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What is not an answer of the protocol but a fault of the HTTP request, as JSON in the same form:
 * a wrong path, method, type or size. Nothing of the inside shows.
 */
@Provider
public class Failures implements ExceptionMapper<Throwable> {
  private static final Logger LOG = Logger.getLogger(Failures.class.getName());

  private static final Fault FAULT =
      new Fault("SERVER_FAULT", "a fault of the server: its log tells of it");

  private static final Map<Integer, Fault> FAULTS =
      Map.of(
          404,
          new Fault(
              "NO_SUCH_PATH", "ids are at POST /ids and POST /ids/{rule}/{app}; see /openapi"),
          405,
          new Fault("METHOD_NOT_ALLOWED", "this path has other methods: ids are asked for by POST"),
          406,
          new Fault("NOT_ACCEPTABLE", "answers are application/json: accept that or */*"),
          413,
          new Fault("BODY_TOO_LARGE", "the body has at most 8192 bytes"),
          415,
          new Fault("UNSUPPORTED_MEDIA_TYPE", "send the body with Content-Type: application/json"));

  /** How a status is told. */
  private record Fault(String name, String message) {}

  @Override
  public Response toResponse(Throwable failure) {
    if (failure instanceof WebApplicationException web) {
      int status = web.getResponse().getStatus();
      return answer(
          status,
          FAULTS.getOrDefault(status, new Fault("HTTP_" + status, "see /openapi for what is")));
    }
    LOG.log(
        Level.SEVERE,
        "A request over HTTP failed by a fault of the server. This is a bug: report it with the log",
        failure);
    return answer(500, FAULT);
  }

  private static Response answer(int status, Fault fault) {
    String json =
        "{\"code\":"
            + status
            + ",\"error\":\""
            + fault.name
            + "\",\"message\":\""
            + fault.message
            + "\"}";
    return JsonAnswer.of(status, json.getBytes(US_ASCII));
  }
}
