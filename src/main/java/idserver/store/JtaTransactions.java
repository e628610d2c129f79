package idserver.store;

import jakarta.annotation.Resource;
import jakarta.ejb.EJBContext;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import java.util.function.Consumer;
import java.util.function.Function;

/** The container's transactions: a new one for each call, committed when the call returns. */
@Stateless
@Local(Transactions.class)
@TransactionAttribute(TransactionAttributeType.REQUIRES_NEW)
public class JtaTransactions implements Transactions {
  @PersistenceContext(unitName = "counter")
  private EntityManager entityManager;

  @Resource private EJBContext context;

  @Override
  public <T> T inNew(Function<EntityManager, T> work) {
    return work.apply(entityManager);
  }

  @Override
  public void rehearse(Consumer<EntityManager> work) {
    work.accept(entityManager);
    context.setRollbackOnly();
  }
}
