package idserver.server;

import java.lang.management.ManagementFactory;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The MBeans of this server, in the platform's MBean server. */
final class Beans {
  private static final Logger LOG = Logger.getLogger(Beans.class.getName());

  private Beans() {}

  /** Registers a bean, in the place of one that an earlier deployment left. */
  static void register(String name, Object bean) {
    unregister(name);
    try {
      server().registerMBean(bean, new ObjectName(name));
    } catch (JMException e) {
      throw new IllegalStateException("The MBean " + name + " cannot be registered", e);
    }
  }

  static void unregister(String name) {
    try {
      server().unregisterMBean(new ObjectName(name));
    } catch (InstanceNotFoundException e) {
      LOG.log(Level.FINEST, "not registered: {0}", name);
    } catch (JMException e) {
      LOG.log(
          Level.WARNING,
          "The MBean "
              + name
              + " cannot be unregistered: restart the container before the next deployment",
          e);
    }
  }

  private static MBeanServer server() {
    return ManagementFactory.getPlatformMBeanServer();
  }
}
