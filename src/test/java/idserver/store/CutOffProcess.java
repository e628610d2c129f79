package idserver.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.counter.Wish;
import idserver.reserve.BlockStore;
import idserver.reserve.ConflictException;
import idserver.reserve.HighWaterFile;
import idserver.reserve.RememberingStore;
import idserver.reserve.StoreException;
import idserver.reserve.UnsyncedFiles;
import idserver.testing.Jvm;
import idserver.testing.Reaper;
import jakarta.persistence.LockModeType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/**
 * A process that reserves for {@link #COUNTERS} counters as fast as it can, as a server on the
 * embedded database does: in the database and in the high-water file. It tells of each reservation
 * once that has been acknowledged. Confined to one thread.
 */
final class CutOffProcess implements AutoCloseable {
  static final int COUNTERS = 40;
  private static final int WRITERS = 2;

  /** What it does worse than the product, to see that it is noticed. */
  enum Flaw {
    NONE,
    /** Commits, and leaves it to the kernel when they reach the disk. */
    UNSYNCED_DATABASE,
    /** Appends to the high-water file and leaves it to the kernel as well. */
    UNSYNCED_FILE
  }

  private final Process process;
  private final Path told;

  private CutOffProcess(Process process, Path told) {
    this.process = process;
    this.told = told;
  }

  /**
   * @param data where it keeps what it reserves
   * @param told a file, on another disk, for what it tells
   */
  static CutOffProcess start(Path data, Flaw flaw, Path told) throws IOException {
    Process process =
        Jvm.of(CutOffProcess.class, data.toString(), flaw.name())
            .redirectOutput(told.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Reaper.watch(process.toHandle());
    return new CutOffProcess(process, told);
  }

  static CounterKey key(int counter) {
    return Wishes.of("app " + counter).key();
  }

  public static void main(String[] args) throws Exception {
    Path data = Path.of(args[0]);
    Flaw flaw = Flaw.valueOf(args[1]);
    try (EmbeddedStorage storage = new EmbeddedStorage(data);
        HighWaterFile file =
            flaw == Flaw.UNSYNCED_FILE
                ? UnsyncedFiles.open(data, 0, () -> {})
                : HighWaterFile.open(data, 0)) {
      Durability durability = flaw == Flaw.UNSYNCED_DATABASE ? unsynced() : storage.durability();
      BlockStore store =
          new RememberingStore(
              new JpaBlockStore(storage.transactions(), durability, 0, new IdStep(0, 1)), file);
      List<Thread> writers =
          IntStream.range(0, WRITERS).mapToObj(i -> new Thread(() -> reserve(store))).toList();
      writers.forEach(Thread::start);
      for (Thread writer : writers) {
        writer.join();
      }
    }
  }

  private static Durability unsynced() {
    return new Durability() {
      @Override
      public void sync() {}

      @Override
      public LockModeType lockMode() {
        return LockModeType.PESSIMISTIC_WRITE;
      }
    };
  }

  private static void reserve(BlockStore store) {
    Random random = new Random();
    List<Integer> counters = new ArrayList<>(IntStream.range(0, COUNTERS).boxed().toList());
    while (!System.out.checkError()) {
      Collections.shuffle(counters, random);
      List<Integer> batch = counters.subList(0, 1 + random.nextInt(COUNTERS / 2));
      List<Wish> wishes = batch.stream().map(counter -> Wishes.of(key(counter))).toList();
      try {
        List<Grant> grants = store.reserve(wishes);
        StringJoiner line = new StringJoiner(" ", "", "\n");
        for (int i = 0; i < grants.size(); i++) {
          line.add(batch.get(i) + "=" + (grants.get(i).first() + grants.get(i).size() - 1));
        }
        System.out.print(line);
        System.out.flush();
      } catch (ConflictException e) {
        // the other writer was faster
      } catch (StoreException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The highest acknowledged number of each counter, by what has been told until now. */
  Map<Integer, Long> acknowledged() throws IOException {
    String lines = Files.readString(told, UTF_8);
    Map<Integer, Long> highest = new HashMap<>();
    // a line that is being written is not read
    lines
        .substring(0, lines.lastIndexOf('\n') + 1)
        .lines()
        .flatMap(line -> List.of(line.split(" ")).stream())
        .map(told -> told.split("="))
        .forEach(
            told -> highest.merge(Integer.parseInt(told[0]), Long.parseLong(told[1]), Math::max));
    return highest;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGSTOP. */
  void pause() throws IOException {
    Reaper.signal(process.toHandle(), "STOP");
  }

  /** SIGCONT. */
  void resume() throws IOException {
    Reaper.signal(process.toHandle(), "CONT");
  }

  /** SIGKILL; returns when it is gone. */
  @Override
  public void close() {
    Reaper.kill(process.toHandle());
  }
}
