package idserver.server;

import jakarta.ejb.EJB;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;

/**
 * Stops the server while its database can still be reached, which a bean's own end is too late for.
 */
@WebListener
public class Shutdown implements ServletContextListener {
  @EJB private ServerControl server;

  @Override
  public void contextDestroyed(ServletContextEvent event) {
    server.stop();
  }
}
