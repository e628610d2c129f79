package idserver.it;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import idserver.testing.Outcome;
import idserver.testing.Reaper;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** A client in one file of another language, in a process of its own. */
final class ScriptClient implements ClientDriver {
  private final Process process;
  private final BufferedReader out;
  private final Writer in;
  private final Path errors;

  /**
   * @param interpreter such as {@code python3}
   * @param file below {@code src/clients}
   */
  ScriptClient(String interpreter, String file, JsonObject settings) throws IOException {
    errors = Files.createTempFile("client", ".err");
    process =
        new ProcessBuilder(interpreter, Path.of("src", "clients", file).toString())
            .redirectError(errors.toFile())
            .start();
    Reaper.watch(process.toHandle());
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    in = process.outputWriter(StandardCharsets.UTF_8);
    send(settings);
  }

  /** Skips the test where there is no such interpreter. */
  static void assumeInstalled(String interpreter) {
    boolean installed;
    try {
      Outcome version =
          Outcome.of(new ProcessBuilder(interpreter, "--version"), Duration.ofSeconds(20));
      installed = version.exitCode() == 0;
    } catch (IOException e) {
      installed = false;
    }
    assumeTrue(installed, interpreter + " is not installed: its client is not tested");
  }

  private void send(JsonObject line) throws IOException {
    in.write(line.toString());
    in.write('\n');
    in.flush();
  }

  @Override
  public JsonObject run(JsonObject command) throws IOException {
    send(command);
    String line = out.readLine();
    if (line == null) {
      throw new IOException("the client has ended: " + Files.readString(errors));
    }
    try (JsonReader reader = Json.createReader(new StringReader(line))) {
      return reader.readObject();
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
    Reaper.awaitEnd(process.toHandle());
    Files.delete(errors);
  }
}
