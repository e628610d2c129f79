package idserver.it;

import idserver.testing.Jvm;
import idserver.testing.Outcome;
import idserver.testing.Reaper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The server without its container, in a process of its own: the product's core and store, which
 * start in a second. Confined to one thread.
 */
final class CoreProcess implements Victim {
  private static final String MAIN = "idserver.server.CoreServer";
  private static final Duration REFUSAL = Duration.ofMinutes(1);

  /** Made by the first one that ends in good order: its classes, for quicker starts. */
  private static final Path CLASSES = Path.of("target", "core-server.jsa").toAbsolutePath();

  private final Path root;
  private final Path configuration;
  private final Settings settings;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private @Nullable Process process;

  private CoreProcess(Path root, Path configuration, Settings settings) {
    this.root = root;
    this.configuration = configuration;
    this.settings = settings;
  }

  /** Server {@code number} of an installation; written, not yet started. */
  static CoreProcess of(Installation installation, int number, Settings settings)
      throws IOException {
    Path configuration = installation.deploy().resolve("id_server_" + number + ".json");
    Files.writeString(configuration, settings.json().toString());
    return new CoreProcess(installation.root(), configuration, settings);
  }

  private ProcessBuilder command() {
    List<String> options = new ArrayList<>();
    options.add(
        Files.exists(CLASSES)
            ? "-XX:SharedArchiveFile=" + CLASSES
            : "-XX:ArchiveClassesAtExit=" + CLASSES);
    ProcessBuilder command = Jvm.of(MAIN, options, configuration.toString());
    command.environment().putAll(environment);
    return command;
  }

  @Override
  public void begin() throws IOException {
    Path log = root.resolve("core.log");
    Process started =
        command().redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
    Reaper.watch(started.toHandle());
    process = started;
    BufferedReader out =
        new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    while (line != null && !line.equals("ready")) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException("did not start, see " + log);
    }
  }

  /** Starts, which is to be refused; what it wrote. */
  Outcome refused() throws IOException {
    return Outcome.of(command(), REFUSAL);
  }

  @Override
  public void kill() {
    Reaper.kill(handle());
  }

  @Override
  public void end() {
    handle().destroy();
    Reaper.awaitEnd(handle());
  }

  /** SIGSTOP. */
  void pause() throws IOException {
    Reaper.signal(handle(), "STOP");
  }

  /** SIGCONT. */
  void resume() throws IOException {
    Reaper.signal(handle(), "CONT");
  }

  private ProcessHandle handle() {
    if (process == null) {
      throw new IllegalStateException("never started");
    }
    return process.toHandle();
  }

  @Override
  public void environment(Map<String, String> variables) {
    environment.clear();
    environment.putAll(variables);
  }

  @Override
  public Settings settings() {
    return settings;
  }

  @Override
  public Path data() {
    return root.resolve(settings.dataDir());
  }

  @Override
  public void close() {
    if (process != null) {
      Reaper.kill(process.toHandle());
    }
  }
}
