package idserver.admin;

/** The log, for a JMX console: {@code idserver:type=Logging}. Thread-safe. */
@Describes("The log of this server")
public interface LoggingMXBean {
  /** How much is logged. */
  @Describes(
      "How much is logged, as log_level in the configuration; set, it lasts until the next reload")
  int getLevel();

  /** Logs more or less until the next reload. */
  void setLevel(int level);
}
