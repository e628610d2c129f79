package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.Folders;
import idserver.testing.FreePorts;
import idserver.testing.Outcome;
import idserver.testing.Reaper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A full Payara Server with a domain of its own on free ports of the loopback address, driven by
 * {@code asadmin} as an administrator does. Confined to one thread.
 */
final class PayaraServer implements AutoCloseable {
  private static final Duration COMMAND = Duration.ofMinutes(5);
  private static final Duration LOOK = Duration.ofSeconds(60);

  /** HTTPS, three of IIOP, JMX, JMS; some are opened by the first deployment. */
  private static final List<String> OTHER_PORTS =
      List.of("8181", "3700", "3820", "3920", "8686", "7676");

  private final Path programs;
  private final Path domains;
  private final int httpPort;
  private final int adminPort;
  private final Set<Integer> ownPorts;
  private final ProcessHandle process;

  private PayaraServer(Path programs, Path domains, List<Integer> ports, ProcessHandle process) {
    this.programs = programs;
    this.domains = domains;
    this.httpPort = ports.get(0);
    this.adminPort = ports.get(1);
    this.ownPorts = Set.copyOf(ports);
    this.process = process;
  }

  /**
   * Makes a domain and starts it.
   *
   * @param programs the unpacked distribution
   * @param domains where the domain is made
   * @param options for its JVM
   */
  static PayaraServer start(Path programs, Path domains, List<String> options) throws IOException {
    Path domain = domains.resolve("domain1");
    Folders.copy(programs.resolve("glassfish/domains/domain1"), domain);
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < 2 + OTHER_PORTS.size(); i++) {
      ports.add(FreePorts.next());
    }
    Path settings = domain.resolve("config/domain.xml");
    Files.writeString(settings, settings(settings, ports, options));
    asadmin(programs, "start-domain", "--domaindir", domains.toString(), "domain1");
    String pid = Files.readString(domain.resolve("config/pid")).strip();
    ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    return new PayaraServer(programs, domains, ports, Reaper.watch(process));
  }

  private static String settings(Path file, List<Integer> ports, List<String> options)
      throws IOException {
    String text =
        Files.readString(file)
            .replace("0.0.0.0", Settings.HOST)
            .replace("port=\"8080\"", "address=\"127.0.0.1\" port=\"%d\"".formatted(ports.get(0)))
            .replace("port=\"4848\"", "address=\"127.0.0.1\" port=\"%d\"".formatted(ports.get(1)))
            // not needed, and listens on every address
            .replaceFirst(
                "<hazelcast-config-specific-configuration>",
                "<hazelcast-config-specific-configuration enabled=\"false\">")
            .replaceFirst(
                "</java-config>",
                options.stream()
                    .map(option -> "<jvm-options>" + option + "</jvm-options>")
                    .collect(Collectors.joining("", "", "</java-config>")));
    for (int i = 0; i < OTHER_PORTS.size(); i++) {
      String port = OTHER_PORTS.get(i);
      String ours = "\"%d\"".formatted(ports.get(2 + i));
      text = text.replaceFirst("(port=)\"" + port + '"', "address=\"127.0.0.1\" $1" + ours);
      text = text.replaceFirst("(value=)\"" + port + '"', "$1" + ours);
    }
    // an attribute comes once
    return text.replaceAll(
        "(<[^>]*) address=\"127\\.0\\.0\\.1\"([^>]* address=\"127\\.0\\.0\\.1\")", "$1$2");
  }

  void deploy(Path war) throws IOException {
    asadmin("deploy", "--name", "id_server", "--contextroot", "/", war.toString());
  }

  void redeploy(Path war) throws IOException {
    asadmin("redeploy", "--name", "id_server", war.toString());
  }

  void undeploy() throws IOException {
    asadmin("undeploy", "id_server");
  }

  private void asadmin(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("--port", Integer.toString(adminPort)));
    all.addAll(Arrays.asList(arguments));
    asadmin(programs, all.toArray(String[]::new));
  }

  private static void asadmin(Path programs, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add("sh");
    command.add(programs.resolve("bin/asadmin").toString());
    command.addAll(Arrays.asList(arguments));
    ProcessBuilder asadmin = new ProcessBuilder(command);
    asadmin.environment().put("AS_JAVA", System.getProperty("java.home"));
    Outcome outcome = Outcome.of(asadmin, COMMAND);
    assertThat(outcome.exitCode())
        .as("exit code of asadmin %s; it wrote:%n%s", Arrays.asList(arguments), outcome.text())
        .isZero();
  }

  long pid() {
    return process.pid();
  }

  Rest rest() {
    return new Rest(httpPort);
  }

  /** The names of all threads. */
  Set<String> threads() throws IOException {
    return jcmd("Thread.print")
        .lines()
        .filter(line -> line.startsWith("\""))
        .map(line -> line.substring(1, line.indexOf('"', 1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** How many generations of our classes are loaded, once the garbage is collected. */
  long generations() throws IOException {
    jcmd("GC.run");
    return jcmd("GC.class_histogram")
        .lines()
        .filter(line -> line.endsWith(" idserver.issue.RefusalKind"))
        .count();
  }

  private String jcmd(String command) throws IOException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Outcome outcome =
        Outcome.of(
            new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), command), LOOK);
    assertThat(outcome.exitCode()).as(outcome.text()).isZero();
    return outcome.out();
  }

  /**
   * The sockets it listens on over TCP, and all its sockets of UDP, as address and port in
   * hexadecimal digits; without those of the container itself.
   */
  Set<String> listening() throws IOException {
    Set<String> own = new TreeSet<>();
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid()), "fd"))) {
      for (Path file : files.toList()) {
        if (Files.isSymbolicLink(file)) {
          own.add(Files.readSymbolicLink(file).toString());
        }
      }
    }
    Set<String> found = new TreeSet<>();
    Map<String, String> states = Map.of("tcp", "0A", "tcp6", "0A", "udp", "07", "udp6", "07");
    for (Map.Entry<String, String> each : states.entrySet()) {
      found.addAll(listening(each.getKey(), each.getValue(), own));
    }
    for (int port : ownPorts) {
      found.removeIf(socket -> socket.endsWith(":%04X".formatted(port)));
    }
    return found;
  }

  /** Of one table of the kernel: address, state and inode are its columns 1, 3 and 9. */
  private static List<String> listening(String table, String state, Collection<String> own)
      throws IOException {
    return Files.readAllLines(Path.of("/proc/net", table)).stream()
        .skip(1)
        .map(line -> line.strip().split("\\s+"))
        .filter(row -> row[3].equals(state) && own.contains("socket:[" + row[9] + "]"))
        .map(row -> table + " " + row[1])
        .toList();
  }

  @Override
  public void close() throws IOException {
    try {
      asadmin(programs, "stop-domain", "--domaindir", domains.toString(), "domain1");
      Reaper.awaitEnd(process);
    } finally {
      if (process.isAlive()) {
        Reaper.kill(process);
      }
    }
  }
}
