package idserver.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.rmi.server.RMIServerSocketFactory;
import java.util.Map;
import javax.management.MBeanServer;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;

/**
 * The server's end of {@link Jmx}: its MBeans for other processes of the same user, on a port of
 * the loopback interface. Confined to the thread that opens and closes it.
 *
 * <p>The address, which holds an unguessable object id, is published as a system property: whoever
 * may attach to this JVM can read it, as with the JDK's own local agent. That one is not used
 * because it listens on every interface, even though it turns others away. The JVM needs {@code
 * -Djava.rmi.server.hostname=127.0.0.1}, or clients are sent to the machine's outer address.
 */
public final class LocalJmx implements AutoCloseable {
  public static final String ADDRESS_PROPERTY = "idserver.jmx_address";

  private final JMXConnectorServer connector;

  private LocalJmx(JMXConnectorServer connector) {
    this.connector = connector;
  }

  /** Opens a free port and publishes its address. */
  public static LocalJmx open(MBeanServer beans) throws IOException {
    RMIServerSocketFactory loopback =
        port -> new ServerSocket(port, 0, InetAddress.getLoopbackAddress());
    JMXConnectorServer connector =
        JMXConnectorServerFactory.newJMXConnectorServer(
            new JMXServiceURL("service:jmx:rmi://127.0.0.1"),
            Map.of(RMIConnectorServer.RMI_SERVER_SOCKET_FACTORY_ATTRIBUTE, loopback),
            beans);
    connector.start();
    System.setProperty(ADDRESS_PROPERTY, connector.getAddress().toString());
    return new LocalJmx(connector);
  }

  @Override
  public void close() throws IOException {
    System.clearProperty(ADDRESS_PROPERTY);
    connector.stop();
  }
}
