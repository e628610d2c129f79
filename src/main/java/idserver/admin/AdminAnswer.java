package idserver.admin;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Makes the answers of administration. Stateless. */
final class AdminAnswer {
  /** An error as JSON. Immutable. */
  public record Refused(int code, String error, String message) {}

  private AdminAnswer() {}

  static Response ok(Record entity) {
    return of(200, entity).build();
  }

  static Response refused(AdminRefusal refusal) {
    return of(
            refusal.status(),
            new Refused(refusal.status(), refusal.error(), String.valueOf(refusal.getMessage())))
        .build();
  }

  static Response unauthorized() {
    String message = "log in with the user and password of \"admin\" in the configuration";
    return of(401, new Refused(401, "UNAUTHORIZED", message))
        .header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"id_server\", charset=\"UTF-8\"")
        .build();
  }

  private static Response.ResponseBuilder of(int status, Record entity) {
    return Response.status(status)
        .type(MediaType.APPLICATION_JSON_TYPE)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .entity(entity);
  }
}
