package idserver.console;

import jakarta.ws.rs.core.EntityTag;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * One file of the console, as it is and compressed. Each is read from the class path once, when it
 * is first asked for. Immutable: nobody changes the bytes.
 */
final class ConsoleFile {
  /** The page itself. */
  static final String INDEX = "index.html";

  /** All files that there are: nothing else on the class path can be asked for. */
  static final List<String> NAMES =
      List.of(
          INDEX,
          "api.js",
          "app.js",
          "blocks.js",
          "chart.js",
          "console.css",
          "counters.js",
          "dom.js",
          "en.json",
          "held.js",
          "icon.svg",
          "lab.js",
          "live.js",
          "login.js",
          "overview.js",
          "parts.js",
          "reloads.js",
          "rules.js",
          "servers.js",
          "text.js",
          "theme.js",
          "zh.json");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html;charset=utf-8",
          "js", "text/javascript;charset=utf-8",
          "css", "text/css;charset=utf-8",
          "json", "application/json;charset=utf-8",
          "svg", "image/svg+xml;charset=utf-8");

  private static final Map<String, ConsoleFile> READ = new ConcurrentHashMap<>();

  private final String type;
  private final byte[] plain;
  private final byte[] compressed;
  private final String digest;

  private ConsoleFile(String type, byte[] plain) throws IOException {
    this.type = type;
    this.plain = plain;
    this.compressed = compress(plain);
    this.digest = digest(plain);
  }

  /** The file of this name; empty when the console has none. Thread-safe. */
  static Optional<ConsoleFile> named(String name) {
    return NAMES.contains(name)
        ? Optional.of(READ.computeIfAbsent(name, ConsoleFile::read))
        : Optional.empty();
  }

  /** Its media type, with the encoding of its characters. */
  String type() {
    return type;
  }

  /**
   * The bytes to send.
   *
   * @param gzip whether they are compressed
   */
  byte[] bytes(boolean gzip) {
    return gzip ? compressed : plain;
  }

  /** The tag of these bytes. */
  EntityTag tag(boolean gzip) {
    return new EntityTag(gzip ? digest + "-gzip" : digest);
  }

  private static ConsoleFile read(String name) {
    try (InputStream file = ConsoleFile.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException("the console lacks a file: " + name);
      }
      byte[] plain = file.readAllBytes();
      String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
      if (type == null) {
        throw new IllegalStateException("a file of the console has no type: " + name);
      }
      return new ConsoleFile(type, plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] compress(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Best gzip = new Best(bytes)) {
      gzip.write(plain);
    }
    return bytes.toByteArray();
  }

  private static String digest(byte[] plain) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(plain);
      return HexFormat.of().formatHex(digest, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Takes its time: each file is compressed once. */
  private static final class Best extends GZIPOutputStream {
    Best(ByteArrayOutputStream bytes) throws IOException {
      super(bytes);
      def.setLevel(Deflater.BEST_COMPRESSION);
    }
  }
}
