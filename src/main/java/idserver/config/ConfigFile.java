package idserver.config;

import java.nio.file.Path;

/** Where this server's configuration is. */
public final class ConfigFile {
  /** The system property that names the file. */
  public static final String PROPERTY = "idserver.config";

  /** The environment variable that names it where the property is not set. */
  public static final String VARIABLE = "ID_SERVER_CONFIG";

  private ConfigFile() {}

  /** The file that the property or else the variable names, or {@code deploy/id_server_1.json}. */
  public static Path path() {
    String variable = System.getenv(VARIABLE);
    String byDefault = variable == null ? "deploy/id_server_1.json" : variable;
    return Path.of(System.getProperty(PROPERTY, byDefault)).toAbsolutePath().normalize();
  }
}
