package idserver.admin;

import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The server's status over HTTP, for people and scripts. */
@Path("status")
@ApplicationScoped
public class StatusResource {
  @EJB private StatusService server;

  /** How the server is now. */
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  public ServerStatus status() {
    return server.status();
  }
}
