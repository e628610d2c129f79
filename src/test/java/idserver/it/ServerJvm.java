package idserver.it;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import idserver.control.LocalJmx;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/** The inside of a running server: its memory and its threads. Confined to one thread. */
final class ServerJvm implements AutoCloseable {
  private static final int COLLECTIONS = 3;

  private final JMXConnector connector;
  private final MemoryMXBean memory;
  private final ThreadMXBean threads;

  private ServerJvm(JMXConnector connector) throws IOException {
    this.connector = connector;
    var server = connector.getMBeanServerConnection();
    this.memory =
        ManagementFactory.newPlatformMXBeanProxy(
            server, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
    this.threads =
        ManagementFactory.newPlatformMXBeanProxy(
            server, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
  }

  /** Of that server, which must run. */
  // The address comes from the JVM of the same user that was just attached to, not from input.
  @SuppressWarnings("BanJNDI")
  static ServerJvm of(Server server) throws IOException {
    String pid = Long.toString(server.process().orElseThrow().pid());
    try {
      VirtualMachine machine = VirtualMachine.attach(pid);
      String address;
      try {
        address = machine.getSystemProperties().getProperty(LocalJmx.ADDRESS_PROPERTY);
      } finally {
        machine.detach();
      }
      return new ServerJvm(
          JMXConnectorFactory.connect(new JMXServiceURL(Objects.requireNonNull(address))));
    } catch (AttachNotSupportedException e) {
      throw new IOException(e);
    }
  }

  /** The bytes that are in use after all that is garbage has been collected. */
  long liveBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < COLLECTIONS; i++) {
      memory.gc();
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  /** The names of its threads, in order; without those that serve who asks for them. */
  List<String> threads() {
    return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
        .filter(Objects::nonNull)
        .map(ThreadInfo::getThreadName)
        .filter(name -> !name.startsWith("RMI ") && !name.startsWith("JMX "))
        .sorted()
        .toList();
  }

  @Override
  public void close() throws IOException {
    connector.close();
  }
}
