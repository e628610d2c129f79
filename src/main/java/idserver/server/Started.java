package idserver.server;

import idserver.admin.StatusService;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started when requests are taken for the first time. */
@Startup
@ApplicationScoped
public class Started implements HealthCheck {
  @EJB private StatusService server;

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("server").status(server.status().open()).build();
  }
}
