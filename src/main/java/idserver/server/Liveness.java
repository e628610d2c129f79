package idserver.server;

import idserver.admin.ServerStatus;
import idserver.admin.StatusService;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/**
 * Alive unless a restart would help: the server takes requests and no datagram is received any
 * more. An outage of the database is none of that.
 */
@org.eclipse.microprofile.health.Liveness
@ApplicationScoped
public class Liveness implements HealthCheck {
  @EJB private StatusService server;

  @Override
  public HealthCheckResponse call() {
    ServerStatus status = server.status();
    return HealthCheckResponse.named("udp")
        .status(status.listening() || !status.open())
        .withData("open", status.open())
        .withData("udp", status.listening())
        .build();
  }
}
