package idserver.rule;

/**
 * A rule as the configuration has it. Immutable.
 *
 * @param name what clients call it
 * @param luaFile its file in the rules directory
 * @param batchSave the smallest block of counters reserved at once, 1 or more
 */
public record RuleSource(String name, String luaFile, int batchSave) {}
