package idserver.reserve;

import idserver.counter.CounterKey;
import idserver.reserve.HighWaterFile.Synchronisation;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/** A high-water file that is being written, to replace the one in use. Confined to one thread. */
final class HighWaterDraft implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path path;
  private final FileChannel file;
  private final OutputStream buffer;
  private boolean handedOver;

  HighWaterDraft(Path path, byte[] head) throws IOException {
    this.path = path;
    this.file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    this.buffer = new BufferedOutputStream(Channels.newOutputStream(file), BUFFER);
    buffer.write(head);
  }

  void add(Map<CounterKey, CounterState> states) throws IOException {
    for (Map.Entry<CounterKey, CounterState> mark : states.entrySet()) {
      buffer.write(new HighWaterRecord(mark.getKey(), mark.getValue()).encoded());
    }
  }

  void sync(Synchronisation synchronisation) throws IOException {
    buffer.flush();
    synchronisation.sync(file);
  }

  /** Gives it the name of the one it replaces. */
  void rename(Path name) throws IOException {
    Files.move(path, name, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The file, to be appended to and closed by the caller. */
  FileChannel handOver() {
    handedOver = true;
    return file;
  }

  @Override
  public void close() throws IOException {
    if (!handedOver) {
      file.close();
    }
  }
}
