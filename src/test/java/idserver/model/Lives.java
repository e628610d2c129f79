package idserver.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * Lives of servers by their seeds: what went wrong in one, or an empty text. Public and without
 * arguments, so that one can be made of faulty classes as well.
 */
public final class Lives implements LongFunction<String> {
  private long issued;

  @Override
  public String apply(long seed) {
    Path folder = folder();
    Life life = new Life(seed, folder);
    try {
      life.live();
      issued += life.countIssued();
      return "";
    } catch (AssertionError e) {
      return "seed " + seed + ": " + e.getMessage() + System.lineSeparator() + life.story();
    } finally {
      remove(folder);
    }
  }

  /** How many numbers were issued in all of them. */
  long countIssued() {
    return issued;
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("lives");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> inOrder = all.sorted(Comparator.reverseOrder()).toList();
      for (Path each : inOrder) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
