package idserver.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import idserver.counter.CounterKey;
import idserver.counter.Grant;
import idserver.reserve.BlockStore;
import idserver.testing.Jvm;
import idserver.testing.Reaper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A process that reserves in an embedded database as fast as it can, and prints the highest number
 * of each reservation once it has been made. Confined to one thread.
 */
final class ReservingProcess implements AutoCloseable {
  static final CounterKey KEY = Wishes.of("process").key();

  private final Process process;
  private final BufferedReader printed;

  private ReservingProcess(Process process) {
    this.process = process;
    this.printed = process.inputReader(UTF_8);
  }

  static ReservingProcess start(Path directory) throws IOException {
    Process process =
        Jvm.of(ReservingProcess.class, directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Reaper.watch(process.toHandle());
    return new ReservingProcess(process);
  }

  public static void main(String[] args) throws Exception {
    try (EmbeddedStorage storage = new EmbeddedStorage(Path.of(args[0]))) {
      BlockStore store =
          new JpaBlockStore(storage.transactions(), storage.durability(), 0, new IdStep(0, 1));
      while (!System.out.checkError()) {
        Grant grant = store.reserve(List.of(Wishes.of(KEY))).get(0);
        System.out.println(grant.first() + grant.size() - 1);
      }
    }
  }

  BufferedReader printed() {
    return printed;
  }

  /** SIGKILL; returns when it is gone. */
  void kill() {
    Reaper.kill(process.toHandle());
  }

  @Override
  public void close() throws IOException {
    kill();
    printed.close();
  }
}
