package idserver.store;

import org.eclipse.persistence.sessions.DatabaseLogin;
import org.eclipse.persistence.sessions.Session;
import org.eclipse.persistence.sessions.SessionCustomizer;

/**
 * Has EclipseLink report a lost connection at once. By default it tries a query three times more,
 * five seconds apart, and a reservation would not be known to have failed for a quarter of a
 * minute.
 */
public class FailAtOnce implements SessionCustomizer {
  @Override
  public void customize(Session session) {
    if (session.getDatasourceLogin() instanceof DatabaseLogin login) {
      login.setQueryRetryAttemptCount(0);
      login.setConnectionHealthValidatedOnError(false);
    }
  }
}
