package idserver.reserve;

import java.io.IOException;
import java.nio.file.Path;

/** High-water files that are not brought to the disk, for processes that are only played. */
public final class UnsyncedFiles {
  private UnsyncedFiles() {}

  /** What happens when a file is to be brought to the disk. */
  @FunctionalInterface
  public interface Event {
    void happen() throws IOException;
  }

  /** A node's file in that directory. */
  public static HighWaterFile open(Path directory, int nodeOffset, Event whenSynced)
      throws IOException {
    return HighWaterFile.open(directory, nodeOffset, file -> whenSynced.happen());
  }
}
