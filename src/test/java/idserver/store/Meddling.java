package idserver.store;

import jakarta.persistence.EntityManager;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Transactions in the midst of which something happens: after the rows were read and before they
 * are written, or after they were written and before the commit.
 */
final class Meddling implements Transactions {
  /** What happens. */
  @FunctionalInterface
  interface Event {
    void happen() throws Exception;
  }

  private final Transactions transactions;
  private final Event beforeFlush;
  private final Event afterFlush;

  private Meddling(Transactions transactions, Event beforeFlush, Event afterFlush) {
    this.transactions = transactions;
    this.beforeFlush = beforeFlush;
    this.afterFlush = afterFlush;
  }

  static Transactions beforeWriting(Transactions transactions, Event event) {
    return new Meddling(transactions, event, () -> {});
  }

  static Transactions beforeCommit(Transactions transactions, Event event) {
    return new Meddling(transactions, () -> {}, event);
  }

  @Override
  public <T> T inNew(Function<EntityManager, T> work) {
    return transactions.inNew(em -> work.apply(meddled(em)));
  }

  @Override
  public void rehearse(Consumer<EntityManager> work) {
    transactions.rehearse(work);
  }

  private EntityManager meddled(EntityManager em) {
    return (EntityManager)
        Proxy.newProxyInstance(
            EntityManager.class.getClassLoader(),
            new Class<?>[] {EntityManager.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("flush")) {
                return invoke(em, method, arguments);
              }
              beforeFlush.happen();
              Object nothing = invoke(em, method, arguments);
              afterFlush.happen();
              return nothing;
            });
  }

  private static Object invoke(EntityManager em, Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(em, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
