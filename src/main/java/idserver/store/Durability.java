package idserver.store;

import jakarta.persistence.LockModeType;
import java.sql.SQLException;

/**
 * What a database needs so that a reservation is made once and stays: after a commit, to outlast a
 * power cut, and before it, to be alone on the row. Thread-safe.
 */
@FunctionalInterface
public interface Durability {
  /** For a database whose commit is durable by itself. */
  Durability BY_COMMIT =
      new Durability() {
        @Override
        public void sync() {
          // it is
        }

        @Override
        public String sharedLock() {
          return " LOCK IN SHARE MODE";
        }
      };

  /** Returns when all that was committed before is on the disk. */
  void sync() throws SQLException;

  /**
   * How rows are read that are going to be changed. The version alone is enough where an update by
   * its version is one step of the database, which it is on InnoDB.
   */
  default LockModeType lockMode() {
    return LockModeType.NONE;
  }

  /**
   * What a question ends with so that what it reads stays as it is until the transaction ends;
   * nothing where nobody but this process can change it.
   */
  default String sharedLock() {
    return "";
  }

  /**
   * The same, with rows locked when they are read: where several servers change a row all the time
   * it is quicker to wait for it than to begin again.
   */
  default Durability locking() {
    Durability durable = this;
    return new Durability() {
      @Override
      public void sync() throws SQLException {
        durable.sync();
      }

      @Override
      public LockModeType lockMode() {
        return LockModeType.PESSIMISTIC_WRITE;
      }

      @Override
      public String sharedLock() {
        return durable.sharedLock();
      }
    };
  }
}
