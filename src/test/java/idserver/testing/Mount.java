package idserver.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file system that a test mounts on a folder of its own, for which it must be root: one that is
 * small, or one whose disk is a file. Unmounted when it is closed, and at the latest when the test
 * JVM ends. Confined to one thread.
 */
public final class Mount implements AutoCloseable {
  private static final Duration COMMAND = Duration.ofMinutes(1);
  private static final Set<Path> MOUNTED = ConcurrentHashMap.newKeySet();

  static {
    // lazily: who holds a file of it may be ended only now
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> MOUNTED.forEach(path -> unmount("--lazy", path))));
  }

  private final Path folder;

  private Mount(Path folder) {
    this.folder = folder;
    MOUNTED.add(folder);
  }

  /** Whether this machine lets the tests mount what they need. */
  public static boolean isPossible() {
    try {
      Path place = Folders.fresh("mount-possible");
      Path image = blank(place.resolve("image"), 8);
      try (Mount disk = ext4(image, place.resolve("disk"));
          Mount memory = tmpfs(place.resolve("memory"), 1)) {
        return Files.isDirectory(disk.folder()) && Files.isDirectory(memory.folder());
      }
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /** An empty file system in memory that can hold so much. */
  public static Mount tmpfs(Path folder, int megabytes) throws IOException {
    return mount(folder, "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs");
  }

  /** The file system whose disk is this file; what a crash left in its journal is replayed. */
  public static Mount ext4(Path image, Path folder) throws IOException {
    return mount(folder, "-t", "ext4", "-o", "loop", image.toString());
  }

  /** Makes a file that is a disk with an empty file system. */
  public static Path blank(Path image, int megabytes) throws IOException {
    run("truncate", "--size=" + megabytes + "M", image.toString());
    run("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", image.toString());
    return image;
  }

  private static Mount mount(Path folder, String... what) throws IOException {
    Files.createDirectories(folder);
    List<String> command = new ArrayList<>(List.of("mount"));
    command.addAll(List.of(what));
    command.add(folder.toString());
    run(command.toArray(String[]::new));
    return new Mount(folder);
  }

  /** Where it is mounted. */
  public Path folder() {
    return folder;
  }

  /**
   * Copies the file that is the disk as the disk is now: without what programs have written and the
   * kernel has not brought to it. Nobody may use the file system meanwhile, but the kernel may:
   * then the copy is made again.
   */
  public void copyDisk(Path image, Path copy) throws IOException {
    String before;
    String after;
    do {
      before = writes();
      run("cp", "--sparse=always", image.toString(), copy.toString());
      after = writes();
    } while (!before.equals(after) || !after.endsWith(" 0"));
  }

  /** How much has been written to the disk, and how much is on its way. */
  private String writes() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/mounts"))) {
      String[] mount = line.split(" ", -1);
      if (mount[1].equals(folder.toString())) {
        Path name = Path.of(mount[0]).getFileName();
        String stat = Files.readString(Path.of("/sys/block/" + name + "/stat")).strip();
        String[] figures = stat.split(" +", -1);
        return figures[4] + " " + figures[6] + " " + figures[8];
      }
    }
    throw new IOException("not mounted: " + folder);
  }

  @Override
  public void close() {
    unmount("--detach-loop", folder);
    MOUNTED.remove(folder);
  }

  private static void unmount(String how, Path folder) {
    try {
      run("umount", how, folder.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(String... command) throws IOException {
    Outcome outcome = Outcome.of(new ProcessBuilder(command), COMMAND);
    if (outcome.exitCode() != 0) {
      throw new IOException(String.join(" ", command) + ": " + outcome.text());
    }
  }
}
