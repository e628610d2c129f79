package idserver.rest;

import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.wire.Seq;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.ext.Provider;

/**
 * Refuses a path with a bare semicolon: what follows one is a parameter, which would be left out of
 * a name without a word.
 */
@Provider
public class PlainPaths implements ContainerRequestFilter {
  private static final Refusal SEMICOLON =
      new Refusal(RefusalKind.BAD_FIELD, "path: write a ; of a name as %3B");

  @Override
  public void filter(ContainerRequestContext request) {
    if (request.getUriInfo().getPath(false).indexOf(';') >= 0) {
      request.abortWith(JsonAnswer.of(SEMICOLON, Seq.NONE));
    }
  }
}
