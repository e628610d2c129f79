package idserver.admin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.spi.JsonProvider;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The last changes of the rules, over restarts: in the file {@code reloads.json} of the data
 * directory, in the form in which administrators are told them. It is written anew beside itself
 * with each change, and renamed. Thread-safe.
 *
 * <p>No rule depends on it. A file that cannot be understood is put aside as {@code
 * reloads.json.damaged}; where it cannot be written, what is remembered lasts as long as the
 * process. The log says so in either case.
 */
public final class ReloadLog {
  private static final Logger LOG = Logger.getLogger(ReloadLog.class.getName());

  /** So many changes are remembered. */
  static final int MOST = 200;

  private static final String MEMBER = "reloads";

  /** A larger file is not one of this class, in bytes. */
  private static final long LARGEST = 64 * 1024 * 1024;

  // found once, by who starts: a JMX call comes without the class loader that finds it
  private final JsonProvider json = JsonProvider.provider();
  private final Path file;

  @GuardedBy("this")
  private final Deque<ReloadEntry> entries = new ArrayDeque<>();

  @GuardedBy("this")
  private boolean opened;

  @GuardedBy("this")
  private boolean failing;

  /**
   * @param directory which outlasts a restart; nothing is read or written there before {@link
   *     #open}
   */
  public ReloadLog(Path directory) {
    this.file = directory.resolve("reloads.json");
  }

  /** Goes on behind what earlier processes have left, and from now on writes each change. */
  synchronized void open(ReloadEntry start) {
    if (opened) {
      return;
    }
    opened = true;
    // whoever was quicker than the end of the start came after it
    entries.addLast(start);
    read().forEach(entries::addLast);
    write();
  }

  /** Remembers a change, the last one so far. */
  synchronized void add(ReloadEntry entry) {
    entries.addFirst(entry);
    if (opened) {
      write();
    }
  }

  /** What is remembered, the last one first: at most {@value #MOST}. */
  synchronized List<ReloadEntry> entries() {
    return List.copyOf(entries);
  }

  private List<ReloadEntry> read() {
    String text;
    try {
      if (Files.size(file) > LARGEST) {
        return damaged("it is larger than " + LARGEST + " bytes");
      }
      text = new String(Files.readAllBytes(file), UTF_8);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      return damaged(e.toString());
    }
    try (JsonReader reader = json.createReader(new StringReader(text))) {
      return reader.readObject().getJsonArray(MEMBER).getValuesAs(JsonObject.class).stream()
          .map(ReloadLog::entry)
          .toList();
    } catch (JsonException e) {
      return damaged(String.valueOf(e.getMessage()));
    } catch (IllegalStateException
        | ClassCastException
        | ArithmeticException
        | NullPointerException e) {
      // JSON with a member that is missing, or of another type
      LOG.log(Level.FINE, "The log of reloads is another JSON than expected", e);
      return damaged("it is JSON, but not a list of changes");
    }
  }

  private static ReloadEntry entry(JsonObject object) {
    return new ReloadEntry(
        object.getString("at"),
        object.getString("by"),
        object.getString("action"),
        object.getBoolean("succeeded"),
        object.getJsonNumber("version").longValueExact(),
        object.getString("message"),
        object.getJsonArray("faults").getValuesAs(JsonString::getString),
        object.getJsonArray("rules").getValuesAs(ReloadLog::changed));
  }

  private static ReloadEntry.Changed changed(JsonObject object) {
    return new ReloadEntry.Changed(object.getString("name"), object.getString("change"));
  }

  private List<ReloadEntry> damaged(String fault) {
    Path aside = file.resolveSibling(file.getFileName() + ".damaged");
    LOG.warning(
        "The log of reloads is damaged and begins anew; nothing else depends on it. "
            + file
            + " is put aside as "
            + aside.getFileName()
            + ": look at it, or remove it: "
            + fault.lines().findFirst().orElse(""));
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      LOG.log(Level.FINE, "It could not be put aside", e);
    }
    return List.of();
  }

  @GuardedBy("this")
  private void write() {
    while (entries.size() > MOST) {
      entries.removeLast();
    }
    try {
      replace(text());
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        LOG.warning(
            "The log of reloads cannot be written, so that a restart forgets it; reloads go on: see that "
                + file
                + " can be written and its disk is not full: "
                + e);
      }
    }
  }

  @GuardedBy("this")
  private byte[] text() {
    JsonArrayBuilder array = json.createArrayBuilder();
    entries.forEach(entry -> array.add(object(entry)));
    JsonArray all = array.build();
    return json.createObjectBuilder().add(MEMBER, all).build().toString().getBytes(UTF_8);
  }

  private JsonObject object(ReloadEntry entry) {
    JsonArrayBuilder rules = json.createArrayBuilder();
    entry
        .rules()
        .forEach(
            rule ->
                rules.add(
                    json.createObjectBuilder()
                        .add("name", rule.name())
                        .add("change", rule.change())));
    return json.createObjectBuilder()
        .add("at", entry.at())
        .add("by", entry.by())
        .add("action", entry.action())
        .add("succeeded", entry.succeeded())
        .add("version", entry.version())
        .add("message", entry.message())
        .add("faults", json.createArrayBuilder(entry.faults()))
        .add("rules", rules)
        .build();
  }

  /** Whoever reads finds the text of before or this one, whatever happens meanwhile. */
  private void replace(byte[] text) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            draft,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(text);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
