package idserver.control;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.PrintStream;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * The command line of a running server's MBeans: {@code Jmx <pid> reload}. It attaches to a process
 * of this machine and of the same user, so the server needs no JMX port.
 *
 * <p>Prints the outcome on stdout and exits with 0 when the reload succeeded; else prints one line
 * a fault on stderr and exits with 1.
 */
public final class Jmx {
  private static final String RULES = "idserver:type=Rules";

  private Jmx() {}

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    if (args.length != 2 || !args[0].matches("[0-9]{1,18}") || !args[1].equals("reload")) {
      err.println("usage: Jmx <pid> reload");
      return 2;
    }
    String pid = args[0];
    if (ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
      err.println("there is no process " + pid);
      return 1;
    }
    try {
      return report(reload(pid), out, err);
    } catch (InstanceNotFoundException e) {
      err.println("process " + pid + " is not an id server, or not ready: it offers no " + RULES);
    } catch (AttachNotSupportedException | IOException e) {
      err.println("cannot attach to process " + pid + " (a JVM of this user?): " + e.getMessage());
    } catch (RuntimeMBeanException e) {
      err.println("the reload failed: " + e.getTargetException());
    } catch (JMException e) {
      err.println("the reload failed: " + e);
    }
    return 1;
  }

  // The address comes from the JVM of the same user that was just attached to, not from input.
  @SuppressWarnings("BanJNDI")
  private static CompositeData reload(String pid)
      throws AttachNotSupportedException, IOException, JMException {
    VirtualMachine machine = VirtualMachine.attach(pid);
    String address;
    try {
      address = machine.getSystemProperties().getProperty(LocalJmx.ADDRESS_PROPERTY);
    } finally {
      machine.detach();
    }
    if (address == null) {
      throw new InstanceNotFoundException();
    }
    try (var connector = JMXConnectorFactory.connect(new JMXServiceURL(address))) {
      MBeanServerConnection server = connector.getMBeanServerConnection();
      return (CompositeData)
          server.invoke(new ObjectName(RULES), "reload", new Object[0], new String[0]);
    }
  }

  private static int report(CompositeData outcome, PrintStream out, PrintStream err) {
    String message = (String) outcome.get("message");
    if ((Boolean) outcome.get("succeeded")) {
      out.println(message);
      return 0;
    }
    err.println(message);
    for (String fault : (String[]) outcome.get("faults")) {
      err.println(fault);
    }
    return 1;
  }
}
