package idserver.store;

import idserver.reserve.StoreException;
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

  /**
   * The same, with failures told apart: what was written is sent before the commit, so that a
   * conflict is not taken for a lost answer.
   */
  static <T> T run(Transactions transactions, Function<EntityManager, T> work)
      throws StoreException {
    try {
      return transactions.inNew(
          em -> {
            T result = work.apply(em);
            em.flush();
            return result;
          });
    } catch (RuntimeException e) {
      throw StoreFailure.of(e);
    }
  }

  /** Runs the work and rolls it back. */
  void rehearse(Consumer<EntityManager> work);
}
