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

  /** Makes the one folder as the other is, whatever it was before. */
  public static void copy(Path from, Path to) throws IOException {
    if (Files.exists(to)) {
      try (Stream<Path> old = Files.walk(to)) {
        old.sorted(Comparator.reverseOrder()).forEach(Folders::delete);
      }
    }
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else if (Files.isRegularFile(file)) {
          Files.copy(file, copy);
        }
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
