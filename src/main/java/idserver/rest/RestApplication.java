package idserver.rest;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Map;

/** The JAX-RS application, at the root of the server. */
@ApplicationPath("/")
public class RestApplication extends Application {
  /**
   * Settings of Jersey, which another implementation ignores: nothing is looked for that this
   * application does not have, an answer says its length itself instead of being buffered for it,
   * and an error is never a page of the container's.
   */
  @Override
  public Map<String, Object> getProperties() {
    return Map.of(
        "jersey.config.disableAutoDiscovery", true,
        "jersey.config.disableMetainfServicesLookup", true,
        "jersey.config.server.wadl.disableWadl", true,
        "jersey.config.server.headers.location.relative.resolution.disabled", true,
        "jersey.config.contentLength.buffer", 0,
        "jersey.config.server.response.setStatusOverSendError", true);
  }
}
