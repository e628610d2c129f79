package idserver.rule;

import java.util.Random;

/**
 * A script's text. Immutable.
 *
 * @param file the name of its file, for messages
 * @param text what it says
 */
record ScriptSource(String file, String text) {
  /** An instance with variables of its own. */
  Script instance() throws RuleException {
    return instance(new Random());
  }

  /** The same with that source of {@code math.random}. */
  Script instance(Random random) throws RuleException {
    return new Script(file, text, random);
  }
}
