package idserver.testing;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * What a command left behind: its exit code and what it wrote. Immutable.
 *
 * <p>The output goes through files: a server that the command leaves running would keep a pipe open
 * for ever.
 */
public record Outcome(int exitCode, String out, String err) {

  /** Runs a command to its end; with no input, and killed with all it started after the limit. */
  public static Outcome of(ProcessBuilder command, Duration limit) throws IOException {
    Path out = Files.createTempFile("command", ".out");
    Path err = Files.createTempFile("command", ".err");
    try {
      if (command.redirectInput().equals(ProcessBuilder.Redirect.PIPE)) {
        command.redirectInput(new File("/dev/null"));
      }
      Process process = command.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      Reaper.watch(process.toHandle());
      boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        Reaper.kill(process.toHandle());
        throw new IOException(
            "%s did not end within %s; it wrote:%n%s%n%s"
                .formatted(command.command(), limit, Files.readString(out), Files.readString(err)));
      }
      Reaper.awaitEnd(process.toHandle());
      return new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("waiting for " + command.command());
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  /** Both streams, the errors last. */
  public String text() {
    return out + err;
  }
}
