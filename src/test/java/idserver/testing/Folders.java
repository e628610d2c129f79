package idserver.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders below {@code target/it}, which stay for a look at them after a failure. */
public final class Folders {
  private static final Path PLACE = Path.of("target", "it").toAbsolutePath();

  private Folders() {}

  /** An empty one, in the place of an older one of the same name. */
  public static Path fresh(String name) throws IOException {
    Path folder = PLACE.resolve(name);
    if (Files.exists(folder)) {
      try (Stream<Path> old = Files.walk(folder)) {
        old.sorted(Comparator.reverseOrder()).forEach(Folders::delete);
      }
    }
    return Files.createDirectories(folder);
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
