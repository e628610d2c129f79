package idserver.store;

import idserver.reserve.ConflictException;
import idserver.reserve.StoreException;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceException;
import java.sql.SQLException;
import java.util.Set;

/** What a failure of JPA or of a driver means: a conflict, or a store that cannot be used. */
final class StoreFailure {
  /** MariaDB's error for a row that was changed since the transaction read it. */
  private static final int CHANGED_SINCE_READ = 1020;

  /** Errors for a row that another transaction holds: of H2, and of MySQL and MariaDB. */
  private static final Set<Integer> LOCK_TIMEOUTS = Set.of(50200, 1205);

  private StoreFailure() {}

  static StoreException of(Exception failure) {
    String message = firstLine(failure);
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof OptimisticLockException) {
        return new ConflictException("a row was changed by another process", failure);
      }
      if (cause instanceof SQLException sql) {
        String state = String.valueOf(sql.getSQLState());
        message = firstLine(sql);
        // 23: a row of that key was inserted meanwhile; 40: rolled back to end a deadlock
        if (state.startsWith("23")
            || state.startsWith("40")
            || sql.getErrorCode() == CHANGED_SINCE_READ
            || LOCK_TIMEOUTS.contains(sql.getErrorCode())) {
          return new ConflictException(message, failure);
        }
      } else if (cause instanceof PersistenceException) {
        message = firstLine(cause);
      }
    }
    return new StoreException(message, failure);
  }

  private static String firstLine(Throwable cause) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return message.lines().findFirst().orElse(cause.toString());
  }
}
