package idserver.rule;

/**
 * Thrown by a Java function that a script called, to leave the script at once. It passes through
 * Lua and through {@link LuaSandbox} unchanged, and the sandbox can be called again afterwards.
 *
 * <p>An {@code Error}, because the interpreter turns every {@code Exception} into one of its own.
 * It carries no stack trace and nothing can be added to it, so that one instance can be made in
 * advance and thrown from any thread.
 */
abstract class ScriptAbandoned extends Error {
  private static final long serialVersionUID = 1L;

  ScriptAbandoned(String message) {
    super(message, null, false, false);
  }
}
