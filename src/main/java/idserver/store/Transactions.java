package idserver.store;

import jakarta.persistence.EntityManager;
import java.util.function.Consumer;
import java.util.function.Function;

/** Runs work in a transaction of its own. Thread-safe. */
public interface Transactions {
  /**
   * Runs the work and commits. When it returns, the commit has happened; when it throws, nobody
   * knows.
   */
  <T> T inNew(Function<EntityManager, T> work);

  /** Runs the work and rolls it back. */
  void rehearse(Consumer<EntityManager> work);
}
