package idserver.reserve;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import idserver.counter.CounterKey;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The highest reservation of each counter of one node, in a file on this machine: what shows that a
 * database has come back older than what was issued. Thread-safe; one process at a time holds it.
 *
 * <p>The file is a log: changes are appended and synchronised to the disk, a batch at once, and a
 * later record of a counter replaces an earlier one. When it has grown to several times what is in
 * it, it is written anew beside itself and renamed. What is torn at its end was never confirmed to
 * anyone and is ignored. After a failure nothing is known of what is on the disk, so that the file
 * is written anew before it is used again; after its opening likewise, where it is small. A large
 * one is gone on with at once, and {@link #renew} writes it anew while it is in use.
 */
public final class HighWaterFile implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(HighWaterFile.class.getName());

  /** The file may grow to so many times its contents, and by this beyond. */
  private static final int GROWTH = 4;

  private static final long SLACK = 1 << 20;

  /** Rows that are read at once where the file is filled. */
  static final int FILL_BATCH = 5_000;

  /** How a file's bytes are brought to the disk; to be replaced by tests. */
  @FunctionalInterface
  interface Synchronisation {
    void sync(FileChannel file) throws IOException;
  }

  /** Ends no name of a rule. */
  private static final String CHANGES = "/changes";

  private final Path path;
  private final int nodeOffset;
  private final Synchronisation synchronisation;
  private final FileChannel lock;
  private final UUID instance;
  private final boolean found;

  /** A file up to this size is written anew at its opening: that takes no time worth saving. */
  private static final long SMALL = 1 << 20;

  // written under the lock
  private final ConcurrentHashMap<CounterKey, CounterState> marks = new ConcurrentHashMap<>();

  /** What has changed since the file began to be written anew beside itself; else null. */
  @GuardedBy("this")
  private @Nullable Map<CounterKey, CounterState> sinceRenewal;

  /** How much of the file that was opened is whole. */
  private long whole;

  @GuardedBy("this")
  private @Nullable FileChannel log;

  @GuardedBy("this")
  private long length;

  @GuardedBy("this")
  private long compactAt;

  private HighWaterFile(
      Path path, int nodeOffset, FileChannel lock, Synchronisation synchronisation)
      throws IOException {
    this.path = path;
    this.nodeOffset = nodeOffset;
    this.lock = lock;
    this.synchronisation = synchronisation;
    UUID read = read();
    this.found = read != null;
    this.instance = read == null ? UUID.randomUUID() : read;
  }

  /**
   * Takes hold of a node's file in this directory, {@code high_water_{offset}}, which may not be
   * there yet. That succeeds only when no other process of this machine holds it: one that held it
   * before has ended, or is going to.
   *
   * @throws IOException in one line for the operator
   */
  public static HighWaterFile open(Path directory, int nodeOffset) throws IOException {
    return open(directory, nodeOffset, file -> file.force(false));
  }

  static HighWaterFile open(Path directory, int nodeOffset, Synchronisation synchronisation)
      throws IOException {
    Path path = directory.resolve("high_water_" + nodeOffset);
    FileChannel lock = locked(path.resolveSibling(path.getFileName() + ".lock"));
    try {
      return new HighWaterFile(path, nodeOffset, lock, synchronisation);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /** A file of its own, as the other one is replaced. It stays, since others may wait for it. */
  private static FileChannel locked(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock held = null;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      LOG.log(Level.FINE, "held by this very process", e);
    } finally {
      if (held == null) {
        channel.close();
      }
    }
    if (held == null) {
      throw new IOException(path + " is held by another process: a server runs on this data_dir");
    }
    return channel;
  }

  private synchronized @Nullable UUID read() throws IOException {
    if (!Files.exists(path)) {
      return null;
    }
    ByteBuffer file;
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    }
    UUID read = HighWaterRecord.instance(file, nodeOffset);
    if (read == null) {
      throw new IOException(
          path
              + " is not the high-water file of node_offset "
              + nodeOffset
              + ", or is damaged. Move it away, and see \"high-water file\" in operations.md.");
    }
    Map<String, String> rules = new HashMap<>();
    for (HighWaterRecord next = HighWaterRecord.next(file);
        next != null;
        next = HighWaterRecord.next(file)) {
      // a record brings a copy of its rule's name: the marks of a rule share one
      String rule = rules.computeIfAbsent(next.key().rule(), name -> name);
      marks.put(new CounterKey(rule, next.key().app()), next.state());
    }
    whole = file.position();
    if (file.hasRemaining()) {
      LOG.info(path + ": " + file.remaining() + " bytes of a write that was cut off are ignored");
    }
    return read;
  }

  /** Under which key it is remembered how often a counter has changed, if that is. */
  public static CounterKey changesOf(CounterKey key) {
    return new CounterKey(key.rule() + CHANGES, key.app());
  }

  /** Whether that is a key of {@link #changesOf}, of which the store has no row. */
  static boolean isOfChanges(CounterKey key) {
    return key.rule().endsWith(CHANGES);
  }

  /** Whether the file was there when it was opened. */
  public boolean wasFound() {
    return found;
  }

  /** Tells this file from all others; made with it at random. */
  public UUID instance() {
    return instance;
  }

  /** How many counters it knows. */
  public int size() {
    return marks.size();
  }

  /** What is remembered of a counter, or null when that is nothing. */
  public @Nullable CounterState of(CounterKey key) {
    return marks.get(key);
  }

  /** All that is remembered, now and in future. */
  Map<CounterKey, CounterState> all() {
    return Collections.unmodifiableMap(marks);
  }

  /**
   * Sees to it that the file can be written, as it must be after its opening and after a failure;
   * else does nothing. To be called before a reservation, lest a full disk burn numbers.
   */
  public synchronized void ready() throws HighWaterException {
    if (log == null) {
      try {
        if (whole > SMALL) {
          goOn();
        } else {
          rewrite();
        }
      } catch (IOException e) {
        throw new HighWaterException(path, e);
      }
    }
  }

  /**
   * Remembers what has been reserved, durably when it returns. What is known already is skipped.
   */
  public synchronized void raise(Map<CounterKey, CounterState> reserved) throws HighWaterException {
    Map<CounterKey, CounterState> higher = new HashMap<>();
    reserved.forEach(
        (key, state) -> {
          CounterState mark = marks.get(key);
          if (mark == null || mark.isBefore(state)) {
            higher.put(key, state);
          }
        });
    put(higher);
  }

  /**
   * Remembers all that the store has reserved for this node, as far as it is more than what is
   * known: for a file that is new. Takes no more memory than that needs.
   */
  public void fill(ReservedRows rows) throws StoreException {
    Map<String, String> rules = new HashMap<>();
    CounterKey last = null;
    List<Map.Entry<CounterKey, CounterState>> batch;
    do {
      batch = rows.following(last, FILL_BATCH);
      Map<CounterKey, CounterState> reserved = new HashMap<>();
      for (Map.Entry<CounterKey, CounterState> row : batch) {
        // each row brings a copy of its rule's name: the marks of a rule share one
        String rule = rules.computeIfAbsent(row.getKey().rule(), name -> name);
        last = new CounterKey(rule, row.getKey().app());
        reserved.put(last, row.getValue());
      }
      raise(reserved);
    } while (batch.size() == FILL_BATCH);
  }

  /**
   * Forgets what was reserved and is not going to be issued.
   *
   * @param unused what each of these counters goes back to
   */
  synchronized void lower(Map<CounterKey, CounterState> unused) throws HighWaterException {
    put(unused);
  }

  @GuardedBy("this")
  private void put(Map<CounterKey, CounterState> changes) throws HighWaterException {
    if (changes.isEmpty()) {
      return;
    }
    ready();
    try {
      append(changes);
    } catch (IOException e) {
      abandon();
      throw new HighWaterException(path, e);
    }
    if (length > compactAt) {
      compact();
    }
  }

  @GuardedBy("this")
  private void append(Map<CounterKey, CounterState> changes) throws IOException {
    FileChannel open = log;
    if (open == null) {
      throw new IOException("is not open");
    }
    ByteArrayOutputStream records = new ByteArrayOutputStream();
    changes.forEach((key, state) -> records.writeBytes(new HighWaterRecord(key, state).encoded()));
    write(open, records.toByteArray());
    synchronisation.sync(open);
    length += records.size();
    marks.putAll(changes);
    if (sinceRenewal != null) {
      sinceRenewal.putAll(changes);
    }
  }

  private static void write(FileChannel file, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      file.write(left);
    }
  }

  /** As the file grows: that it cannot be written anew right now is no failure of what is in it. */
  @GuardedBy("this")
  private void compact() {
    try {
      rewrite();
    } catch (IOException e) {
      compactAt = 2 * length;
      LOG.log(
          Level.WARNING,
          path
              + " could not be made smaller and goes on growing: make its disk roomy and its directory"
              + " writable",
          e);
    }
  }

  /** Goes on with the file as it was found. */
  @GuardedBy("this")
  private void goOn() throws IOException {
    long end = whole;
    whole = 0; // if it fails, the file is written anew
    FileChannel found = FileChannel.open(path, StandardOpenOption.WRITE);
    try {
      found.truncate(end);
      found.position(end);
      synchronisation.sync(found);
    } catch (IOException | RuntimeException e) {
      found.close();
      throw e;
    }
    log = found;
    length = end;
    compactAt = GROWTH * length + SLACK;
  }

  /**
   * Writes the file anew beside itself while it is in use, and takes that one: what an earlier
   * process left in it may never have reached the disk. One call at a time.
   */
  void renew() throws HighWaterException {
    synchronized (this) {
      if (log == null) {
        return; // is going to be written anew as it is
      }
      sinceRenewal = new HashMap<>();
    }
    try (HighWaterDraft draft = draft(".renewed")) {
      draft.add(marks);
      draft.sync(synchronisation);
      synchronized (this) {
        if (log != null) {
          draft.add(changed());
          take(draft);
        }
      }
    } catch (IOException e) {
      throw new HighWaterException(path, e);
    } finally {
      synchronized (this) {
        sinceRenewal = null;
      }
    }
  }

  @GuardedBy("this")
  private Map<CounterKey, CounterState> changed() {
    return sinceRenewal == null ? Map.of() : sinceRenewal;
  }

  @GuardedBy("this")
  private void rewrite() throws IOException {
    try (HighWaterDraft draft = draft(".new")) {
      draft.add(marks);
      take(draft);
    }
  }

  @GuardedBy("this")
  private void take(HighWaterDraft draft) throws IOException {
    draft.sync(synchronisation);
    draft.rename(path);
    abandon();
    // of which name it is has to be on the disk, too, before anything is appended
    try (FileChannel directory = FileChannel.open(directory(), StandardOpenOption.READ)) {
      directory.force(true);
    }
    log = draft.handOver();
    length = log.position();
    compactAt = GROWTH * length + SLACK;
  }

  /** Two that are written at once have two names. */
  private HighWaterDraft draft(String suffix) throws IOException {
    return new HighWaterDraft(
        path.resolveSibling(path.getFileName() + suffix),
        HighWaterRecord.head(instance, nodeOffset));
  }

  private Path directory() {
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? path : parent;
  }

  /** Has the file written anew before it is used again. */
  @GuardedBy("this")
  private void abandon() {
    FileChannel open = log;
    log = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.log(Level.FINE, "The high-water file could not be closed", e);
      }
    }
  }

  /** Takes the file away again, for a server that made it and does not start. */
  public synchronized void discard() throws IOException {
    abandon();
    Files.deleteIfExists(path);
  }

  /** Lets go of the file: another process may have it. */
  @Override
  public synchronized void close() throws IOException {
    abandon();
    lock.close();
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
