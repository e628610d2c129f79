package idserver.it;

import idserver.testing.Folders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The product, installed in a folder of its own below {@code target/it}: own {@code deploy} and
 * {@code rules}, the programs by a link. Confined to one thread.
 */
final class Installation {
  private static final Path ARCHIVE =
      Path.of(System.getProperty("idserver.archive", "target/id_server-1.0.0")).toAbsolutePath();

  static {
    // the machine may have other things to do than to answer within ten seconds
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
  }

  private final Path root;

  private Installation(Path root) {
    this.root = root;
  }

  /** A new one, in the place of an older one of the same name. */
  static Installation fresh(String name) throws IOException {
    Path root = Folders.fresh(name);
    copy(ARCHIVE.resolve("deploy"), root.resolve("deploy"));
    copy(ARCHIVE.resolve("rules"), root.resolve("rules"));
    Files.createSymbolicLink(root.resolve("lib"), ARCHIVE.resolve("lib"));
    return new Installation(root);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }

  /** A text that lies beside the tests, such as {@code dated.lua}. */
  static String resource(String name) throws IOException {
    try (InputStream text =
        Objects.requireNonNull(Installation.class.getResourceAsStream(name), name)) {
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Writes a rule's file; an existing one is replaced. */
  Installation rule(String luaFile, String lua) throws IOException {
    Files.writeString(root.resolve("rules").resolve(luaFile), lua);
    return this;
  }

  /** Server {@code number} with this configuration; written, not yet started. */
  Server server(int number, Settings settings) throws IOException {
    Server server = new Server(this, number, settings);
    server.configure(settings);
    return server;
  }

  /** All that its servers have written into their logs. */
  String logs() throws IOException {
    try (Stream<Path> files = Files.walk(root.resolve("log"))) {
      StringBuilder text = new StringBuilder();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file));
      }
      return text.toString();
    }
  }

  Path root() {
    return root;
  }

  Path deploy() {
    return root.resolve("deploy");
  }
}
