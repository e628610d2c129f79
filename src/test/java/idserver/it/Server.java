package idserver.it;

import static org.assertj.core.api.Assertions.assertThat;

import idserver.testing.Outcome;
import idserver.testing.Reaper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One server of an installation, driven as an operator drives it: by the control script. Confined
 * to one thread.
 */
final class Server implements Victim {
  private static final Duration COMMAND = Duration.ofMinutes(2);

  /** Starts quickly and leaves room for others; nothing here measures throughput. */
  private static final String JAVA_OPTS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx512m";

  private final Installation installation;
  private final int number;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private Settings settings;

  Server(Installation installation, int number, Settings settings) {
    this.installation = installation;
    this.number = number;
    this.settings = settings;
  }

  /** Writes the configuration file; a running server does not see it before a reload. */
  void configure(Settings changed) throws IOException {
    settings = changed;
    configure("json", changed.json().toString());
  }

  /** Writes the configuration file as this very text, with this file extension. */
  void configure(String extension, String text) throws IOException {
    for (String each : new String[] {"json", "xml"}) {
      Files.deleteIfExists(configuration(each));
    }
    Files.writeString(configuration(extension), text);
  }

  /** From now on commands, and servers they start, run with these variables and no earlier ones. */
  @Override
  public void environment(Map<String, String> variables) {
    environment.clear();
    environment.putAll(variables);
  }

  private Path configuration(String extension) {
    return installation.deploy().resolve("id_server_%d.%s".formatted(number, extension));
  }

  /** Runs one command of the control script to its end. */
  Outcome control(String command, String... more) throws IOException {
    return controlBy(List.of(), command, more);
  }

  /** The same by another program, such as one that becomes another user. */
  Outcome controlBy(List<String> program, String command, String... more) throws IOException {
    List<String> line = new ArrayList<>(program);
    line.add(installation.deploy().resolve("server_ctl.sh").toString());
    line.addAll(List.of(command, "id_server", Integer.toString(number)));
    line.addAll(List.of(more));
    ProcessBuilder script = new ProcessBuilder(line);
    script.environment().put("JAVA_OPTS", JAVA_OPTS);
    script.environment().putAll(environment);
    try {
      return Outcome.of(script, COMMAND);
    } finally {
      processes().forEach(Reaper::watch);
    }
  }

  /** Starts; fails the test when the script says that it did not. */
  Outcome start() throws IOException {
    return succeed("start");
  }

  @Override
  public void begin() throws IOException {
    start();
  }

  @Override
  public void end() throws IOException {
    stop();
  }

  /** Stops as an operator does: what is left of the blocks is given back. */
  Outcome stop() throws IOException {
    ProcessHandle running = process().orElseThrow();
    Outcome outcome = succeed("stop");
    Reaper.awaitEnd(running);
    return outcome;
  }

  private Outcome succeed(String command) throws IOException {
    Outcome outcome = control(command);
    assertThat(outcome.exitCode())
        .as("exit code of %s %d; it wrote:%n%s", command, number, outcome.text())
        .isZero();
    return outcome;
  }

  @Override
  public void kill() throws IOException {
    Reaper.kill(process().orElseThrow());
  }

  /** The running process, by the file that it keeps its id in. */
  Optional<ProcessHandle> process() throws IOException {
    try {
      String pid = Files.readString(data().resolve("server.pid")).lines().findFirst().orElseThrow();
      return ProcessHandle.of(Long.parseLong(pid)).filter(this::isThisServer);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * By its command line, as the script knows it: a stale file may name a process of somebody else.
   * Read here, as {@code ProcessHandle.Info} leaves long ones out.
   */
  private boolean isThisServer(ProcessHandle process) {
    String instance = "-Didserver.instance=" + installation.deploy().resolve("id_server_" + number);
    Path line = Path.of("/proc", Long.toString(process.pid()), "cmdline");
    try {
      return List.of(Files.readString(line).split("\0", -1)).contains(instance);
    } catch (IOException e) {
      return false; // it has just ended
    }
  }

  /** Whatever of this server runs, whether its file tells of it or not. */
  List<ProcessHandle> processes() {
    return ProcessHandle.allProcesses().filter(this::isThisServer).toList();
  }

  /** What the container has written since the start. */
  String console() throws IOException {
    String name = "id_server_" + number;
    return Files.readString(
        installation.root().resolve("log").resolve(name).resolve(name + ".console.log"));
  }

  UdpClient udp() throws IOException {
    return new UdpClient(settings.udpPort());
  }

  Rest rest() {
    return new Rest(settings.httpPort());
  }

  @Override
  public Settings settings() {
    return settings;
  }

  @Override
  public Path data() {
    return installation.root().resolve(settings.dataDir());
  }

  @Override
  public void close() {
    processes().forEach(Reaper::kill);
  }
}
