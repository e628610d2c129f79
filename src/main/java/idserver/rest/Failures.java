package idserver.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What is not an answer of the protocol but a fault of the HTTP request, as JSON in the same form:
 * a wrong path, method, type or size. Nothing of the inside shows.
 */
@Provider
public class Failures implements ExceptionMapper<Throwable> {
  private static final Logger LOG = Logger.getLogger(Failures.class.getName());

  private static final Map<Integer, String> NAMES =
      new TreeMap<>(
          Map.of(
              404, "NO_SUCH_PATH",
              405, "METHOD_NOT_ALLOWED",
              406, "NOT_ACCEPTABLE",
              413, "BODY_TOO_LARGE",
              415, "UNSUPPORTED_MEDIA_TYPE"));

  @Override
  public Response toResponse(Throwable failure) {
    if (failure instanceof WebApplicationException web) {
      int status = web.getResponse().getStatus();
      return answer(status, NAMES.getOrDefault(status, "HTTP_" + status));
    }
    LOG.log(
        Level.SEVERE,
        "A request over HTTP failed by a fault of the server. This is a bug: report it with the log",
        failure);
    return answer(500, "SERVER_FAULT");
  }

  private static Response answer(int status, String name) {
    String json =
        "{\"code\":"
            + status
            + ",\"error\":\""
            + name
            + "\",\"message\":\"see the REST table of the README\"}";
    return JsonAnswer.of(status, json.getBytes(US_ASCII));
  }
}
