package idserver.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Any bytes as the configuration's file: read, or refused with its faults, a line each. */
public final class ConfigFuzz {
  private static final Path FILE = file();

  private ConfigFuzz() {}

  /** Called by the fuzzer, with one input after the other. */
  public static void fuzzerTestOneInput(byte[] text) throws IOException {
    Files.write(FILE, text);
    try {
      ServerConfig config = ConfigReader.read(FILE);
      if (config.idOffset() < 0 || config.idOffset() >= config.idStep()) {
        throw new AssertionError("an offset beyond the step: " + config);
      }
      if (config.rules().isEmpty() && config.timeRules().isEmpty()) {
        throw new AssertionError("no rules: " + config);
      }
    } catch (ConfigException e) {
      if (e.faults().isEmpty() || e.faults().stream().anyMatch(fault -> fault.contains("\n"))) {
        throw new AssertionError("not told in a line each: " + e.faults(), e);
      }
    }
  }

  /** With the rules that the examples name. */
  private static Path file() {
    try {
      Path home = Files.createTempDirectory("config-fuzz");
      Path rules = Files.createDirectories(home.resolve("rules"));
      Files.writeString(rules.resolve("order_id.lua"), "");
      Files.writeString(rules.resolve("task.lua"), "");
      return Files.createDirectories(home.resolve("deploy")).resolve("id_server_1.json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
