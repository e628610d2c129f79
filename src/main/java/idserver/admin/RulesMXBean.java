package idserver.admin;

/**
 * The rules, for a JMX console: {@code idserver:type=Rules}. All operations may be called from any
 * thread.
 */
public interface RulesMXBean {
  /** The names of the rules that are served, sorted. */
  String[] getRuleNames();

  /** The version of the rules that are served: 1 after the start, one more with every reload. */
  long getVersion();

  /** When they were loaded, in ISO 8601. */
  String getLoadedAt();

  /** What the last reload said; empty before the first. */
  String getLastOutcome();

  /**
   * Reads the configuration's rules and logging, and the Lua files, again. Either all of it becomes
   * valid or nothing does.
   */
  ReloadOutcome reload();

  /**
   * Serves the rules of before the last change again, as a new version, until the next reload. The
   * files stay as they are.
   */
  ReloadOutcome rollback();
}
