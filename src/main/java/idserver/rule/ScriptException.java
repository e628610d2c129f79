package idserver.rule;

import org.jspecify.annotations.Nullable;

/**
 * A script that could not be loaded, failed, or spent more than its budget. The message is one line
 * for the author of the script: file, line and what is wrong, as in {@code order_id.lua:12: '='
 * expected}.
 */
final class ScriptException extends Exception {
  private static final long serialVersionUID = 1L;

  ScriptException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
