package idserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import idserver.reserve.BlockStore;
import idserver.reserve.ConflictException;
import idserver.reserve.StoreException;
import jakarta.persistence.EntityManager;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceException;
import jakarta.persistence.RollbackException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class StoreFailureTest {
  /** Transactions that fail in a certain way. */
  private record Failing(RuntimeException failure) implements Transactions {
    @Override
    public <T> T inNew(Function<EntityManager, T> work) {
      throw failure;
    }

    @Override
    public void rehearse(Consumer<EntityManager> work) {
      throw failure;
    }
  }

  /** Transactions whose work is nothing, and which succeed. */
  private static final class Idle implements Transactions {
    @Override
    @SuppressWarnings({"TypeParameterUnusedInFormals", "unchecked"})
    public <T> T inNew(Function<EntityManager, T> work) {
      return (T) List.of();
    }

    @Override
    public void rehearse(Consumer<EntityManager> work) {}
  }

  private static BlockStore failing(RuntimeException failure) {
    return new JpaBlockStore(new Failing(failure), Durability.BY_COMMIT, 0, new IdStep(0, 1));
  }

  private static StoreException failureOf(RuntimeException failure) {
    try {
      failing(failure).reserve(List.of(Wishes.of("app")));
    } catch (StoreException e) {
      return e;
    }
    throw new AssertionError("did not fail");
  }

  @Test
  void anOptimisticLockIsAConflictHoweverDeepItIs() {
    RuntimeException commit =
        new RollbackException("commit", new PersistenceException(new OptimisticLockException()));

    assertThat(failureOf(commit)).isInstanceOf(ConflictException.class);
  }

  @Test
  void aBatchWithADuplicateKeyIsAConflict() {
    SQLException batch = new BatchUpdateException("Duplicate entry", "23000", 1062, new int[0]);

    assertThat(failureOf(new PersistenceException("flush", batch)))
        .isInstanceOf(ConflictException.class)
        .hasMessage("Duplicate entry");
  }

  @Test
  void aDeadlockIsAConflict() {
    SQLException deadlock = new SQLException("Deadlock found", "40001", 1213);

    assertThat(failureOf(new PersistenceException("flush", deadlock)))
        .isInstanceOf(ConflictException.class);
  }

  @Test
  void aLostConnectionIsAFailureInTheFirstLineOfTheDriver() {
    SQLException lost = new SQLException("Communications link failure\n\nThe last packet", "08S01");

    assertThat(failureOf(new RollbackException("commit", new PersistenceException("x", lost))))
        .isNotInstanceOf(ConflictException.class)
        .hasMessage("Communications link failure");
  }

  @Test
  void anyOtherFailureIsToldInItsFirstLine() {
    RuntimeException failure = new IllegalStateException("no session\nCall: INSERT INTO x");

    assertThat(failureOf(failure)).hasMessage("no session");
  }

  @Test
  void aFailureWithoutAMessageIsToldByItsName() {
    assertThat(failureOf(new IllegalStateException()))
        .hasMessage("java.lang.IllegalStateException");
  }

  @Test
  void whatCouldNotBeSynchronisedToTheDiskIsAFailure() {
    Durability broken =
        () -> {
          throw new SQLException("disk full\nmore", "HY000");
        };
    BlockStore store = new JpaBlockStore(new Idle(), broken, 0, new IdStep(0, 1));

    assertThatThrownBy(() -> store.reserve(List.of(Wishes.of("app"))))
        .isInstanceOf(StoreException.class)
        .isNotInstanceOf(ConflictException.class)
        .hasMessage("disk full");
  }

  @Test
  void readingFailsAsWritingDoes() {
    BlockStore store = failing(new PersistenceException(new SQLException("gone", "08S01")));

    assertThatThrownBy(() -> store.find(List.of())).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store.giveBack(List.of())).isInstanceOf(StoreException.class);
  }
}
