package idserver.server;

import idserver.admin.ServerStatus;
import idserver.admin.StatusService;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;

/** Ready as long as ids can be issued: through an outage of the database, while blocks last. */
@org.eclipse.microprofile.health.Readiness
@ApplicationScoped
public class Readiness implements HealthCheck {
  @EJB private StatusService server;

  @Override
  public HealthCheckResponse call() {
    ServerStatus status = server.status();
    return HealthCheckResponse.named("ids")
        .status(status.ready())
        .withData("open", status.open())
        .withData("udp", status.listening())
        .withData("database", !status.databaseDown())
        .withData("counters", status.counters())
        .withData("waiting", status.waiting())
        .build();
  }
}
