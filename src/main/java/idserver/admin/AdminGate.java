package idserver.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.annotation.Priority;
import jakarta.ejb.EJB;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.SecurityContext;
import jakarta.ws.rs.ext.Provider;
import java.security.Principal;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Lets nobody but an administrator through, by HTTP Basic. Only what is marked asks it: no request
 * for an id pays for it. Thread-safe.
 */
@Provider
@ForAdministrators
@Priority(Priorities.AUTHENTICATION)
@ApplicationScoped
public class AdminGate implements ContainerRequestFilter {
  private static final String SCHEME = "Basic ";

  @EJB private AdministrationSource server;
  @Inject private IdentityStoreHandler identities;

  @Override
  public void filter(ContainerRequestContext request) {
    if (server.account().isEmpty()) {
      request.abortWith(
          AdminAnswer.refused(
              new AdminRefusal(
                  403,
                  "ADMIN_OFF",
                  "administration is off: set \"admin\": {\"user\": \"...\", \"password\": \"...\"} in"
                      + " the configuration and restart")));
      return;
    }
    UsernamePasswordCredential credential =
        credential(request.getHeaderString(HttpHeaders.AUTHORIZATION));
    if (credential == null
        || identities.validate(credential).getStatus() != CredentialValidationResult.Status.VALID) {
      request.abortWith(AdminAnswer.unauthorized());
      return;
    }
    request.setSecurityContext(
        new Administrator(credential.getCaller(), request.getSecurityContext().isSecure()));
  }

  /** Who asks. Immutable. */
  private record Administrator(String name, boolean isSecure) implements SecurityContext {
    @Override
    public Principal getUserPrincipal() {
      return () -> name;
    }

    @Override
    public boolean isUserInRole(String role) {
      return role.equals(Administrators.ROLE);
    }

    @Override
    public String getAuthenticationScheme() {
      return BASIC_AUTH;
    }
  }

  private static @Nullable UsernamePasswordCredential credential(@Nullable String header) {
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      String text = new String(decoded, UTF_8);
      int colon = text.indexOf(':');
      return colon < 0
          ? null
          : new UsernamePasswordCredential(text.substring(0, colon), text.substring(colon + 1));
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }
}
