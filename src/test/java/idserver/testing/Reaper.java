package idserver.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Ends, by process id, what the tests started: at once when told to, the rest when the test JVM
 * ends. Thread-safe.
 */
public final class Reaper {
  private static final Duration DEATH = Duration.ofSeconds(20);
  private static final Set<ProcessHandle> STARTED = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> STARTED.forEach(ProcessHandle::destroyForcibly)));
  }

  private Reaper() {}

  /** Remembers a process, so that it does not outlive the test JVM. */
  public static ProcessHandle watch(ProcessHandle process) {
    STARTED.add(process);
    return process;
  }

  /** SIGKILL; returns when the process is gone. */
  public static void kill(ProcessHandle process) {
    process.destroyForcibly();
    awaitEnd(process);
  }

  /** Returns when the process is gone, whoever ends it. */
  public static void awaitEnd(ProcessHandle process) {
    await("end of process " + process.pid())
        .atMost(DEATH)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> hasEnded(process));
    STARTED.remove(process);
  }

  /** Sends a signal by its name, such as STOP or CONT. */
  public static void signal(ProcessHandle process, String signal) throws IOException {
    Outcome sent =
        Outcome.of(
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())),
            Duration.ofSeconds(10));
    if (sent.exitCode() != 0) {
      throw new IOException("no " + signal + " for process " + process.pid() + ": " + sent);
    }
  }

  /**
   * A zombie has ended too, once the last of its threads has: who adopted it may never ask for its
   * exit code.
   */
  private static boolean hasEnded(ProcessHandle process) {
    if (!process.isAlive()) {
      return true;
    }
    Path folder = Path.of("/proc", Long.toString(process.pid()));
    try (Stream<Path> threads = Files.list(folder.resolve("task"))) {
      String stat = Files.readString(folder.resolve("stat"));
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z' && threads.count() <= 1;
    } catch (IOException | UncheckedIOException goneWhileRead) { // ESRCH, or no such file
      return !process.isAlive();
    }
  }
}
