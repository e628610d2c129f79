package idserver.rest.empty;

import static java.nio.charset.StandardCharsets.US_ASCII;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/**
 * What ids over HTTP are measured against: the container with nothing in it. One instance for all
 * requests, as the resources of the product: the container takes longer to make one for each.
 */
@Path("empty")
@ApplicationScoped
public class EmptyResource {
  private static final byte[] ANSWER =
      "{\"code\":0,\"message\":\"success\",\"data\":\"T000000000001\"}".getBytes(US_ASCII);

  /** Nothing at all, and no body in the answer: 204. */
  @POST
  public void nothing() {}

  /** Nothing but an answer of the size of an id's. */
  @POST
  @Path("answer")
  @Produces(MediaType.APPLICATION_JSON)
  public Response answer() {
    return Response.ok(ANSWER).header(HttpHeaders.CONTENT_LENGTH, ANSWER.length).build();
  }
}
