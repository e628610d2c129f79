package idserver.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JmxTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final List<Process> servers = new java.util.ArrayList<>();

  @AfterEach
  void endServers() {
    servers.forEach(Process::destroyForcibly);
  }

  @Test
  void printsTheMessageOfAReloadThatSucceeded() throws Exception {
    long pid = startServer("good");

    assertThat(run(pid, "reload")).isZero();
    assertThat(out.toString(UTF_8)).isEqualToIgnoringNewLines("2 rules loaded");
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void printsEveryFaultOfAReloadThatFailed() throws Exception {
    long pid = startServer("bad");

    assertThat(run(pid, "reload")).isEqualTo(1);
    assertThat(out.toString(UTF_8)).isEmpty();
    assertThat(err.toString(UTF_8).lines()).containsExactly("nothing changed", "a.lua:3: x", "b");
  }

  @Test
  void saysInOneLineThatAReloadThrew() throws Exception {
    long pid = startServer("broken");

    assertThat(run(pid, "reload")).isEqualTo(1);
    assertThat(err.toString(UTF_8).lines())
        .containsExactly("the reload failed: java.lang.IllegalStateException: broken");
  }

  @Test
  void saysThatAnotherJavaProcessIsNotOurServer() throws Exception {
    long pid = startServer("stranger");

    assertThat(run(pid, "reload")).isEqualTo(1);
    assertThat(err.toString(UTF_8).lines())
        .singleElement()
        .asString()
        .contains("process " + pid + " is not an id server");
  }

  @Test
  void saysThatThereIsNoSuchProcess() {
    assertThat(run(999_999_999_999L, "reload")).isEqualTo(1);
    assertThat(err.toString(UTF_8).lines()).containsExactly("there is no process 999999999999");
  }

  @Test
  void refusesAnOperationThatItDoesNotKnow() {
    assertThat(run(1, "explode")).isEqualTo(2);
    assertThat(err.toString(UTF_8)).startsWith("usage:");
  }

  private int run(long pid, String operation) {
    return Jmx.run(
        new String[] {Long.toString(pid), operation},
        new PrintStream(out, true, UTF_8),
        new PrintStream(err, true, UTF_8));
  }

  /** Starts a JVM that answers as told, and waits until it can be asked. */
  private long startServer(String behaviour) throws IOException {
    var server =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.rmi.server.hostname=127.0.0.1",
                "-cp",
                System.getProperty("java.class.path"),
                FakeServer.class.getName(),
                behaviour)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    servers.add(server);
    assertThat(server.inputReader(UTF_8).readLine()).isEqualTo("ready");
    return server.pid();
  }

  /** What the client needs of a server. */
  public static final class FakeServer implements RulesMXBean {
    private final String behaviour;

    private FakeServer(String behaviour) {
      this.behaviour = behaviour;
    }

    public static void main(String[] args) throws Exception {
      var beans = ManagementFactory.getPlatformMBeanServer();
      if (!args[0].equals("stranger")) {
        beans.registerMBean(new FakeServer(args[0]), new ObjectName("idserver:type=Rules"));
        LocalJmx.open(beans);
      }
      System.out.println("ready");
      // ends with the test, even if the test is killed
      while (System.in.read() >= 0) {}
    }

    @Override
    public Outcome reload() {
      return switch (behaviour) {
        case "good" -> new Outcome(true, "2 rules loaded", List.of());
        case "bad" -> new Outcome(false, "nothing changed", List.of("a.lua:3: x", "b"));
        default -> throw new IllegalStateException(behaviour);
      };
    }
  }

  /** The part of the server's bean that is used. */
  public interface RulesMXBean {
    Outcome reload();
  }

  /** The members that the client reads. */
  public static final class Outcome {
    private final boolean succeeded;
    private final String message;
    private final List<String> faults;

    Outcome(boolean succeeded, String message, List<String> faults) {
      this.succeeded = succeeded;
      this.message = message;
      this.faults = faults;
    }

    public boolean isSucceeded() {
      return succeeded;
    }

    public String getMessage() {
      return message;
    }

    public List<String> getFaults() {
      return faults;
    }
  }
}
