package idserver.load;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import idserver.control.LocalJmx;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/** What the receiving threads of a server have allocated so far. Confined to one thread. */
final class Allocation implements AutoCloseable {
  /** Not asked for: always 0. */
  static final Allocation NONE = new Allocation(null);

  private static final String RECEIVERS = "idserver-udp-";

  private final @Nullable JMXConnector connector;

  private Allocation(@Nullable JMXConnector connector) {
    this.connector = connector;
  }

  /** Of that process; always 0 when it offers no JMX, as an echo does. */
  // The address comes from the JVM of the same user that was just attached to, not from input.
  @SuppressWarnings("BanJNDI")
  static Allocation of(long pid) throws IOException {
    try {
      VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
      String address;
      try {
        address = machine.getSystemProperties().getProperty(LocalJmx.ADDRESS_PROPERTY);
      } finally {
        machine.detach();
      }
      return new Allocation(
          address == null ? null : JMXConnectorFactory.connect(new JMXServiceURL(address)));
    } catch (AttachNotSupportedException e) {
      throw new IOException(e);
    }
  }

  /** In bytes. */
  long bytes() throws IOException {
    if (connector == null) {
      return 0;
    }
    ThreadMXBean threads =
        ManagementFactory.newPlatformMXBeanProxy(
            connector.getMBeanServerConnection(),
            ManagementFactory.THREAD_MXBEAN_NAME,
            ThreadMXBean.class);
    long bytes = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith(RECEIVERS)) {
        bytes += threads.getThreadAllocatedBytes(thread.getThreadId());
      }
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    if (connector != null) {
      connector.close();
    }
  }
}
