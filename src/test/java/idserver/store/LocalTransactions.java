package idserver.store;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.eclipse.persistence.jpa.PersistenceProvider;
import org.eclipse.persistence.sessions.UnitOfWork;

/**
 * Transactions without a container: the product's persistence unit on resource-local connections.
 * As in the container, what is read is read in the transaction too. Thread-safe.
 */
public final class LocalTransactions implements Transactions, AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final EntityManagerFactory factory;

  public LocalTransactions(DataSource connections) {
    factory =
        new PersistenceProvider()
            .createContainerEntityManagerFactory(
                new LocalPersistenceUnit(connections),
                Map.of(
                    "eclipselink.logging.level",
                    "OFF",
                    // or else all factories of one unit share the connections of the first
                    "eclipselink.session-name",
                    "local-" + COUNT.incrementAndGet()));
  }

  @Override
  public <T> T inNew(Function<EntityManager, T> work) {
    try (EntityManager em = factory.createEntityManager()) {
      EntityTransaction transaction = em.getTransaction();
      transaction.begin();
      em.unwrap(UnitOfWork.class).beginEarlyTransaction();
      try {
        T result = work.apply(em);
        transaction.commit();
        return result;
      } finally {
        if (transaction.isActive()) {
          transaction.rollback();
        }
      }
    }
  }

  @Override
  public void rehearse(Consumer<EntityManager> work) {
    try (EntityManager em = factory.createEntityManager()) {
      em.getTransaction().begin();
      try {
        work.accept(em);
      } finally {
        em.getTransaction().rollback();
      }
    }
  }

  @Override
  public void close() {
    factory.close();
  }
}
