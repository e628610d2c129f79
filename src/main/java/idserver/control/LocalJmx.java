package idserver.control;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
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
  private final ServerSocket socket;

  private LocalJmx(JMXConnectorServer connector, ServerSocket socket) {
    this.connector = connector;
    this.socket = socket;
  }

  /** Opens a free port and publishes its address. */
  public static LocalJmx open(MBeanServer beans) throws IOException {
    ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
    try {
      JMXConnectorServer connector =
          JMXConnectorServerFactory.newJMXConnectorServer(
              new JMXServiceURL("service:jmx:rmi://127.0.0.1"),
              Map.of(RMIConnectorServer.RMI_SERVER_SOCKET_FACTORY_ATTRIBUTE, factoryOf(socket)),
              beans);
      connector.start();
      System.setProperty(ADDRESS_PROPERTY, connector.getAddress().toString());
      return new LocalJmx(connector, socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * A factory of that one socket, made of classes of the JDK alone: RMI keeps every factory for
   * ever, and with one of ours it would keep the class loader of each deployment.
   */
  private static RMIServerSocketFactory factoryOf(ServerSocket socket) {
    MethodHandle one =
        MethodHandles.dropArguments(
            MethodHandles.constant(ServerSocket.class, socket), 0, int.class);
    Thread current = Thread.currentThread();
    ClassLoader before = current.getContextClassLoader();
    // the loader that the factory's class is made in
    current.setContextClassLoader(ClassLoader.getPlatformClassLoader());
    try {
      return MethodHandleProxies.asInterfaceInstance(RMIServerSocketFactory.class, one);
    } finally {
      current.setContextClassLoader(before);
    }
  }

  @Override
  public void close() throws IOException {
    System.clearProperty(ADDRESS_PROPERTY);
    try {
      connector.stop();
    } finally {
      // RMI itself never closes one of an unnamed port
      socket.close();
    }
  }
}
