package idserver.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Another wall clock for a process, by libfaketime where that is installed. */
final class FakeTime {
  private FakeTime() {}

  /** The library, where Debian and others have it. */
  static Optional<Path> library() throws IOException {
    for (String folder : List.of("/usr/lib", "/usr/lib64", "/usr/local/lib")) {
      if (!Files.isDirectory(Path.of(folder))) {
        continue;
      }
      try (Stream<Path> files = Files.find(Path.of(folder), 3, (file, a) -> isLibrary(file))) {
        Optional<Path> found = files.sorted().findFirst();
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isLibrary(Path file) {
    return file.endsWith("faketime/libfaketime.so.1");
  }

  /** What sets a process's clock back, or ahead where that is negative. */
  static Map<String, String> environment(Path library, Duration back) {
    return back.isZero()
        ? Map.of()
        : Map.of(
            "LD_PRELOAD", library.toString(),
            "FAKETIME", (back.isNegative() ? "+" : "") + back.negated().toSeconds(),
            "FAKETIME_DONT_FAKE_MONOTONIC", "1",
            "FAKETIME_FORCE_MONOTONIC_FIX", "0",
            "FAKETIME_NO_CACHE", "1");
  }
}
