package idserver.admin;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import idserver.counter.CounterKey;
import idserver.reserve.ReservedBlock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The record of the blocks that this server has reserved: a file a day (UTC), {@code
 * blocks-2026-01-31.tsv}, a line each: time, rule, namespace, period, first, last and how many.
 * Thread-safe. No id depends on it: where it cannot be written it has a hole, and the log says so.
 */
public final class BlockLog implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(BlockLog.class.getName());

  private static final String PREFIX = "blocks-";
  private static final String SUFFIX = ".tsv";
  private static final int COLUMNS = 7;

  /** How many days are looked through for blocks. */
  static final int DAYS = 31;

  private final Path directory;

  @GuardedBy("this")
  private @Nullable LocalDate day;

  @GuardedBy("this")
  private @Nullable Writer writer;

  @GuardedBy("this")
  private boolean failing;

  /**
   * @param directory where the files are, with the logs
   */
  public BlockLog(Path directory) {
    this.directory = directory;
  }

  /** Keeps a record of these. Does not wait for the disk. */
  public synchronized void record(List<ReservedBlock> blocks) {
    if (blocks.isEmpty()) {
      return;
    }
    try {
      Writer open = writer(LocalDate.ofInstant(blocks.get(0).at(), ZoneOffset.UTC));
      for (ReservedBlock block : blocks) {
        open.write(line(block));
      }
      open.flush();
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        LOG.log(
            Level.WARNING,
            "The record of reserved blocks cannot be written, ids go on: see that "
                + directory
                + " is there, writable and not full: "
                + e.getMessage());
      }
    }
  }

  private static String line(ReservedBlock block) {
    return String.join(
            "\t",
            block.at().toString(),
            block.key().rule(),
            block.key().app(),
            Long.toString(block.period()),
            Long.toString(block.first()),
            Long.toString(block.last()),
            Long.toString(block.size()))
        + "\n";
  }

  @GuardedBy("this")
  private Writer writer(LocalDate today) throws IOException {
    Writer open = writer;
    if (open != null && today.equals(day)) {
      return open;
    }
    close();
    Files.createDirectories(directory);
    Writer opened =
        Files.newBufferedWriter(
            file(today),
            StandardCharsets.UTF_8,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND);
    writer = opened;
    day = today;
    return opened;
  }

  private Path file(LocalDate date) {
    return directory.resolve(PREFIX + date + SUFFIX);
  }

  /**
   * The blocks of the last {@value #DAYS} days that fit, the latest first.
   *
   * @param most 1 or more
   */
  public List<ReservedBlock> find(Predicate<ReservedBlock> fits, int most) {
    List<ReservedBlock> found = new ArrayList<>();
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    for (int back = 0; back < DAYS && found.size() < most; back++) {
      found.addAll(find(file(today.minusDays(back)), fits, most - found.size()));
    }
    return found;
  }

  private static List<ReservedBlock> find(Path file, Predicate<ReservedBlock> fits, int most) {
    Deque<ReservedBlock> latest = new ArrayDeque<>();
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        ReservedBlock block = block(line);
        if (block != null && fits.test(block)) {
          latest.addLast(block);
          if (latest.size() > most) {
            latest.removeFirst();
          }
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "See that this file can be read: " + file + ": " + e.getMessage());
    }
    List<ReservedBlock> found = new ArrayList<>(latest);
    Collections.reverse(found);
    return found;
  }

  /** The block of a line, or null for one that was not written to its end. */
  private static @Nullable ReservedBlock block(String line) {
    String[] columns = line.split("\t", -1);
    if (columns.length != COLUMNS) {
      return null;
    }
    try {
      return new ReservedBlock(
          Instant.parse(columns[0]),
          new CounterKey(columns[1], columns[2]),
          Long.parseLong(columns[3]),
          Long.parseLong(columns[4]),
          Long.parseLong(columns[5]),
          Long.parseLong(columns[6]));
    } catch (RuntimeException cutOff) {
      return null;
    }
  }

  @Override
  public synchronized void close() {
    try {
      if (writer != null) {
        writer.close();
      }
    } catch (IOException e) {
      LOG.log(Level.FINE, "The record of reserved blocks could not be closed", e);
    }
    writer = null;
  }
}
