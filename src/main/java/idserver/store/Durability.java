package idserver.store;

import java.sql.SQLException;

/** What has to be done after a commit so that it outlasts a power cut. Thread-safe. */
@FunctionalInterface
public interface Durability {
  /** For a database whose commit is durable by itself. */
  Durability BY_COMMIT = () -> {};

  /** Returns when all that was committed before is on the disk. */
  void sync() throws SQLException;
}
