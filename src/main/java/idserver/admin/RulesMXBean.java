package idserver.admin;

/**
 * The rules, for a JMX console: {@code idserver:type=Rules}. All operations may be called from any
 * thread.
 */
@Describes("The rules that are served")
public interface RulesMXBean {
  /** The names of the rules that are served, sorted. */
  @Describes("The names of the rules that are served, sorted")
  String[] getRuleNames();

  /** The version of the rules that are served: 1 after the start, one more with every reload. */
  @Describes(
      "The version of the rules that are served: 1 after the start, one more with every change")
  long getVersion();

  /** When they were loaded, in ISO 8601. */
  @Describes("When they were loaded, in ISO 8601")
  String getLoadedAt();

  /** What the last reload said; empty before the first. */
  @Describes("What the last change said; empty before the first")
  String getLastOutcome();

  /** The last ten changes, over restarts, a line each, the last one first. */
  @Describes("The last ten changes, starts included and over restarts, the last one first")
  String[] getChanges();

  /**
   * Reads the configuration's rules and logging, and the Lua files, again. Either all of it becomes
   * valid or nothing does.
   */
  @Describes(
      "Reads the rules and logging of the configuration, and the Lua files, again: all of it or nothing")
  ReloadOutcome reload();

  /**
   * Serves the rules of before the last change again, as a new version, until the next reload. The
   * files stay as they are.
   */
  @Describes("Serves the rules of before the last change again, until the next reload")
  ReloadOutcome rollback();
}
