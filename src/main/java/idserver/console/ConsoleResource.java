package idserver.console;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The files of the web console. Thread-safe. */
@Path("/")
@ApplicationScoped
public class ConsoleResource {
  /** The page runs and shows what comes from this server, and nothing else. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

  /** {@code gzip} among the encodings that a client takes, and not with the weight 0. */
  private static final Pattern GZIP =
      Pattern.compile("(?i)(?:^|,)\\s*gzip\\s*(?:;\\s*q\\s*=\\s*(?!0(?:\\.0*)?\\s*(?:,|$))|,|$)");

  /** The page. */
  @GET
  public Response page(
      @HeaderParam(HttpHeaders.ACCEPT_ENCODING) @Nullable String encodings,
      @Context Request request) {
    return answer(ConsoleFile.INDEX, encodings, request);
  }

  /** What the page is made of. */
  @GET
  @Path("console/{file}")
  public Response file(
      @PathParam("file") String file,
      @HeaderParam(HttpHeaders.ACCEPT_ENCODING) @Nullable String encodings,
      @Context Request request) {
    return answer(file, encodings, request);
  }

  private static Response answer(String name, @Nullable String encodings, Request request) {
    ConsoleFile file = ConsoleFile.named(name).orElseThrow(NotFoundException::new);
    boolean gzip = takesGzip(encodings);
    ResponseBuilder unchanged = request.evaluatePreconditions(file.tag(gzip));
    ResponseBuilder answer = unchanged == null ? content(file, gzip) : unchanged;
    return answer
        .tag(file.tag(gzip))
        // asked for each time, and then hardly ever sent: a new version is there at once
        .header(HttpHeaders.CACHE_CONTROL, "no-cache")
        .header(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING)
        .header("Content-Security-Policy", POLICY)
        .header("X-Content-Type-Options", "nosniff")
        .header("Referrer-Policy", "no-referrer")
        .build();
  }

  private static ResponseBuilder content(ConsoleFile file, boolean gzip) {
    byte[] bytes = file.bytes(gzip);
    ResponseBuilder answer =
        Response.ok(bytes).type(file.type()).header(HttpHeaders.CONTENT_LENGTH, bytes.length);
    return gzip ? answer.header(HttpHeaders.CONTENT_ENCODING, "gzip") : answer;
  }

  /**
   * Whether a client takes what is compressed.
   *
   * @param encodings its {@code Accept-Encoding}
   */
  static boolean takesGzip(@Nullable String encodings) {
    return encodings != null && GZIP.matcher(encodings).find();
  }
}
