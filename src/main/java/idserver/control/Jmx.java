package idserver.control;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import javax.management.Attribute;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * The command line of a running server's MBeans: {@code Jmx <pid> reload}, {@code rollback}, {@code
 * show}, {@code level} or {@code level <0 to 5>}. It attaches to a process of this machine and of
 * the same user, so the server needs no JMX port.
 *
 * <p>Prints the outcome on stdout and exits with 0 when it succeeded; else prints one line a fault
 * on stderr and exits with 1.
 */
public final class Jmx {
  private static final String RULES = "idserver:type=Rules";
  private static final String LOG = "idserver:type=Logging";
  private static final String ALL = "idserver:type=*";

  private Jmx() {}

  public static void main(String[] args) {
    System.exit(run(args, System.out, System.err));
  }

  static int run(String[] args, PrintStream out, PrintStream err) {
    String command = String.join(" ", List.of(args).subList(Math.min(1, args.length), args.length));
    if (args.length < 2
        || !args[0].matches("[0-9]{1,18}")
        || !command.matches("reload|rollback|show|level( [0-5])?")) {
      err.println("usage: Jmx <pid> reload|rollback|show|level [0-5]");
      return 2;
    }
    String pid = args[0];
    if (ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
      err.println("there is no process " + pid);
      return 1;
    }
    try {
      return connect(pid, server -> run(command, server, out, err));
    } catch (InstanceNotFoundException e) {
      err.println("process " + pid + " is not an id server, or not ready: it offers no " + RULES);
    } catch (AttachNotSupportedException | IOException e) {
      err.println("cannot attach to process " + pid + " (a JVM of this user?): " + e.getMessage());
    } catch (RuntimeMBeanException e) {
      err.println("the " + command + " failed: " + e.getTargetException());
    } catch (JMException e) {
      err.println("the " + command + " failed: " + e);
    }
    return 1;
  }

  // The address comes from the JVM of the same user that was just attached to, not from input.
  @SuppressWarnings("BanJNDI")
  private static int connect(String pid, Call call)
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
      return call.on(connector.getMBeanServerConnection());
    }
  }

  /** What is asked of the beans. */
  private interface Call {
    int on(MBeanServerConnection server) throws JMException, IOException;
  }

  private static int run(
      String command, MBeanServerConnection server, PrintStream out, PrintStream err)
      throws JMException, IOException {
    if (command.equals("show")) {
      show(server, out);
      return 0;
    }
    if (command.startsWith("level")) {
      ObjectName log = new ObjectName(LOG);
      if (!command.equals("level")) {
        int level = Integer.parseInt(command.substring("level ".length()));
        server.setAttribute(log, new Attribute("Level", level));
      }
      out.println(server.getAttribute(log, "Level"));
      return 0;
    }
    Object outcome = server.invoke(new ObjectName(RULES), command, new Object[0], new String[0]);
    return report((CompositeData) outcome, out, err);
  }

  /** All attributes of all beans, with what they mean. */
  private static void show(MBeanServerConnection server, PrintStream out)
      throws JMException, IOException {
    for (ObjectName bean : new TreeSet<>(server.queryNames(new ObjectName(ALL), null))) {
      out.println(bean.getKeyProperty("type"));
      for (MBeanAttributeInfo attribute : server.getMBeanInfo(bean).getAttributes()) {
        Object value = server.getAttribute(bean, attribute.getName());
        String text =
            value instanceof Object[] many ? Arrays.toString(many) : String.valueOf(value);
        out.printf("  %-20s %-20s %s%n", attribute.getName(), text, attribute.getDescription());
      }
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
