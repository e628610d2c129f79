package idserver.config;

import idserver.issue.RepetitionSettings;
import idserver.log.LogFormat;
import idserver.log.LogSettings;
import idserver.store.DatabaseSettings;
import idserver.udp.UdpSettings;
import jakarta.json.Json;
import jakarta.json.JsonConfig;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonStructure;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParsingException;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code id_server_{n}.json}: the documented keys as they stand, {@code //} comments allowed,
 * new keys with defaults. Confined to one thread.
 */
public final class ConfigReader {
  private static final int LARGEST_STEP = 1_000_000;
  private static final int MOST_COUNTERS = 100_000_000;

  private final List<String> faults = new ArrayList<>();
  private final Path file;
  // relative paths are those of the installation, which the deploy directory is in
  private final Path home;

  private ConfigReader(Path file) {
    this.file = file;
    Path directory = file.getParent();
    Path parent = directory == null ? null : directory.getParent();
    this.home = parent == null ? file.resolveSibling("..").normalize() : parent;
  }

  /**
   * Reads and checks the file.
   *
   * @throws ConfigException with everything that is wrong
   */
  public static ServerConfig read(Path file) throws ConfigException {
    ConfigReader reader = new ConfigReader(file.toAbsolutePath().normalize());
    ServerConfig config = reader.read();
    if (!reader.faults.isEmpty()) {
      throw new ConfigException(reader.faults);
    }
    return config;
  }

  private ServerConfig read() throws ConfigException {
    Members members = new Members(parse(), "", faults);
    int step = members.number("id_step", 1, 1, LARGEST_STEP);
    // a step that is wrong makes no offset wrong
    int mostOffset = faults.isEmpty() ? step - 1 : LARGEST_STEP - 1;
    Path rulesDir = path(members, "rules_dir", "rules");
    int offset = members.number("id_offset", 0, 0, mostOffset);
    int maxCounters = members.number("max_counters", 1_000_000, 1, MOST_COUNTERS);
    RuleList rules =
        new RuleList(rulesDir, Math.min(offset, step - 1), step, !members.has("database"));
    rules.read(members.objects("rules"));
    ServerConfig config =
        new ServerConfig(
            file,
            log(members),
            new UdpSettings(
                address(members, "service_host"),
                members.number("service_port", 1200, 1, 65535),
                members.number(
                    "udp_threads", UdpSettings.defaultThreads(), 1, UdpSettings.MOST_THREADS),
                members.number(
                    "udp_errors_per_second",
                    UdpSettings.DEFAULT_ERRORS,
                    0,
                    UdpSettings.MOST_ERRORS)),
            address(members, "http_host"),
            members.number("http_port", 8080, 1, 65535),
            members.number("thread_count", 4, 1, 32),
            members.number("queue_size", 100_000, 1, 10_000_000),
            maxCounters,
            members.number(
                "max_counters_per_network", Math.max(1, maxCounters / 2), 1, MOST_COUNTERS),
            repetitions(members),
            step,
            offset,
            database(members),
            dataDir(members),
            members.flag("trust_database", false),
            rulesDir,
            zone(members),
            rules.lua(),
            rules.time(),
            admin(members));
    members.refuseUnknown();
    return config;
  }

  private JsonObject parse() throws ConfigException {
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw fault("no such configuration file");
    } catch (CharacterCodingException e) {
      throw fault("is not UTF-8");
    } catch (IOException e) {
      throw fault("cannot be read: " + e.getMessage());
    }
    String json = Comments.blank(text);
    JsonReaderFactory factory =
        Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));
    try (JsonReader reader = factory.createReader(new StringReader(json))) {
      readToTheEnd(json);
      JsonStructure structure = reader.read();
      if (structure instanceof JsonObject object) {
        return object;
      }
      throw fault("must be one JSON object");
    } catch (JsonParsingException e) {
      throw fault(
          e.getLocation().getLineNumber()
              + ":"
              + e.getLocation().getColumnNumber()
              + ": is not JSON: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    } catch (RuntimeException e) {
      // of no common type: keys that come twice, too deep, numbers too long
      throw fault("is not JSON: " + e.getMessage());
    }
  }

  /** Fails where there is more behind the object, which a reader does not look at. */
  private static void readToTheEnd(String json) {
    try (JsonParser parser = Json.createParser(new StringReader(json))) {
      while (parser.hasNext()) {
        parser.next();
      }
    }
  }

  private ConfigException fault(String message) {
    return new ConfigException(List.of(file + ": " + message));
  }

  private LogSettings log(Members members) {
    String prefix = members.text("log_prefix", "id_server");
    if (!prefix.isEmpty() && !RuleList.FILE_NAME.matcher(prefix).matches()) {
      members.faultOf("log_prefix", "must be letters, digits, '_', '-' and '.'");
    }
    return new LogSettings(
        prefix,
        members.number("log_level", 3, LogSettings.LEAST_LEVEL, LogSettings.MOST_LEVEL),
        path(members, "log_dir", "log/" + name()),
        logFormat(members));
  }

  private static LogFormat logFormat(Members members) {
    String format = members.text("log_format", "text");
    if (format.equals("json")) {
      return LogFormat.JSON;
    }
    if (!format.isEmpty() && !format.equals("text")) {
      members.faultOf("log_format", "must be \"text\" or \"json\"");
    }
    return LogFormat.TEXT;
  }

  private static String address(Members members, String key) {
    String host = members.text(key, "127.0.0.1");
    if (!host.isEmpty()) {
      try {
        InetAddress.getByName(host);
      } catch (UnknownHostException e) {
        members.faultOf(key, "must be an address of this machine");
      }
    }
    return host;
  }

  private static RepetitionSettings repetitions(Members members) {
    RepetitionSettings byDefault = RepetitionSettings.DEFAULT;
    Members repetitions = members.object("repetitions");
    if (repetitions == null) {
      return byDefault;
    }
    RepetitionSettings settings =
        new RepetitionSettings(
            repetitions.number(
                "seconds", byDefault.seconds(), 1, RepetitionSettings.LONGEST_SECONDS),
            repetitions.number("most", byDefault.most(), 0, RepetitionSettings.MOST_REQUESTS),
            repetitions.number(
                "megabytes", byDefault.megabytes(), 1, RepetitionSettings.MOST_MEGABYTES));
    repetitions.refuseUnknown();
    return settings;
  }

  private Optional<DatabaseSettings> database(Members members) {
    if (!members.has("database")) {
      return Optional.empty();
    }
    Members database = members.object("database");
    if (database == null) {
      return Optional.empty();
    }
    String charset = database.text("charset", "utf8");
    if (!charset.toLowerCase(Locale.ROOT).startsWith("utf8")) {
      database.faultOf("charset", "must be utf8 or utf8mb4");
    }
    DatabaseSettings settings =
        new DatabaseSettings(
            database.text("host", null),
            database.number("port", 3306, 1, 65535),
            database.text("user", null),
            database.textOrEmpty("password", ""),
            database.text("dbname", null));
    if (!settings.isWellFormed()) {
      database.faultOf(
          "host", "must be a host, or those of a cluster such as \"db1,db2:3307,[::1]:3308\"");
    }
    database.refuseUnknown();
    return Optional.of(settings);
  }

  private static Optional<AdminAccount> admin(Members members) {
    Members admin = members.object("admin");
    if (admin == null) {
      return Optional.empty();
    }
    String user = admin.text("user", null);
    if (user.indexOf(':') >= 0 || user.chars().anyMatch(Character::isISOControl)) {
      admin.faultOf("user", "must not contain ':' or control characters");
    }
    String password = admin.textOrEmpty("password", null);
    if (password.length() < AdminAccount.LEAST_PASSWORD && admin.has("password")) {
      admin.faultOf(
          "password", "must have at least " + AdminAccount.LEAST_PASSWORD + " characters");
    }
    admin.refuseUnknown();
    return Optional.of(new AdminAccount(user, password));
  }

  private Path path(Members members, String key, String byDefault) {
    String path = members.text(key, byDefault);
    try {
      return home.resolve(path).normalize();
    } catch (InvalidPathException e) {
      members.faultOf(key, "must be a path");
      return home;
    }
  }

  private Path dataDir(Members members) {
    Path directory = path(members, "data_dir", "data/" + name());
    if (directory.toString().contains(";")) {
      members.faultOf("data_dir", "must not contain ';', which ends a path for the database");
    }
    return directory;
  }

  private static ZoneId zone(Members members) {
    if (!members.has("time_zone")) {
      return ZoneId.systemDefault();
    }
    String zone = members.text("time_zone", null);
    if (zone.isEmpty()) {
      return ZoneId.systemDefault();
    }
    try {
      return ZoneId.of(zone);
    } catch (DateTimeException e) {
      members.faultOf("time_zone", "must be a time zone such as \"Asia/Shanghai\" or \"UTC\"");
      return ZoneId.systemDefault();
    }
  }

  /** {@code id_server_1} for {@code id_server_1.json}. */
  private String name() {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
