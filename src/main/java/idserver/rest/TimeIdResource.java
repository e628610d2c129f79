package idserver.rest;

import idserver.issue.IdServiceSource;
import idserver.issue.Refusal;
import idserver.issue.RefusalKind;
import idserver.timeid.TimeIdFormat;
import idserver.timeid.TimeIdParts;
import idserver.wire.Seq;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;

/** What a time id is made of. */
@Path("time_ids/{rule}/{id}")
@ApplicationScoped
@Produces(MediaType.APPLICATION_JSON)
public class TimeIdResource {
  @EJB private IdServiceSource server;

  /** The answer. Immutable. */
  public record Answer(int code, String message, Data data) {}

  /**
   * The parts of an id. Immutable.
   *
   * @param layout where they stand
   * @param time the id's time in ISO 8601
   * @param timeMs the same in milliseconds since 1970-01-01T00:00Z
   * @param node the server that issued it
   * @param serial its place among the ids of that server and millisecond
   * @param sortKey a number by which the ids of a rule sort in the order of their time; a string,
   *     as 64 bits do not survive every reader of JSON
   */
  public record Data(
      String layout, String time, long timeMs, int node, int serial, String sortKey) {}

  /** Decodes an id of a rule of type {@code time}. */
  @GET
  public Response decode(@PathParam("rule") String rule, @PathParam("id") String id) {
    TimeIdFormat format = server.idService().timeIdFormat(rule).orElse(null);
    if (format == null) {
      return refused(RefusalKind.UNKNOWN_RULE, "no such rule of type time");
    }
    try {
      long number = Long.parseLong(id);
      TimeIdParts parts = format.decode(number);
      return Response.ok(
              new Answer(
                  0,
                  "ok",
                  new Data(
                      format.layout().name().toLowerCase(Locale.ROOT),
                      parts.time().toString(),
                      parts.timeMs(),
                      parts.node(),
                      parts.serial(),
                      Long.toString(format.sortKey(number)))))
          .build();
    } catch (IllegalArgumentException e) {
      return refused(RefusalKind.BAD_FIELD, "id: not an id of this rule");
    }
  }

  private static Response refused(RefusalKind kind, String message) {
    return JsonAnswer.of(new Refusal(kind, message), Seq.NONE);
  }
}
