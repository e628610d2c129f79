package idserver.rule;

import idserver.counter.FiscalYear;
import java.util.Random;

/**
 * A script's text. Immutable.
 *
 * @param file the name of its file, for messages
 * @param text what it says
 * @param fiscalYear which day it has fiscal years begin on
 */
record ScriptSource(String file, String text, FiscalYear fiscalYear) {
  /** One whose fiscal years are those of the calendar, or are not known yet. */
  ScriptSource(String file, String text) {
    this(file, text, FiscalYear.CALENDAR);
  }

  /** The same text with that day. */
  ScriptSource with(FiscalYear beginning) {
    return new ScriptSource(file, text, beginning);
  }

  /** An instance with variables of its own. */
  Script instance() throws RuleException {
    return instance(new Random());
  }

  /** The same with that source of {@code math.random}. */
  Script instance(Random random) throws RuleException {
    return new Script(this, random);
  }
}
