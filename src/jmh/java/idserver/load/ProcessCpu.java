package idserver.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The CPU time of another process, as Linux tells it in {@code /proc}, in steps of 10 ms. */
final class ProcessCpu {
  private static final long MICROS_PER_TICK = 10_000;

  private ProcessCpu() {}

  /** User and system time of all its threads, the ended ones too, in microseconds. */
  static long micros(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    // behind the name, which is in brackets and may hold anything, comes the third field
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[14 - 3]) + Long.parseLong(fields[15 - 3])) * MICROS_PER_TICK;
  }
}
