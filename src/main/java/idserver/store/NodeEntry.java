package idserver.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a claim: neither faults nor a holder means that it is granted. Immutable.
 *
 * @param faults what stands against the start, a line each
 * @param holder the other server that holds the offset, or null
 * @param idStep how many servers there are, as this one's row has it; 0 where it is not its own
 * @param databaseSecond the database's clock, in seconds since 1970-01-01T00:00Z
 */
record NodeEntry(
    List<String> faults, @Nullable NodeHolder holder, int idStep, long databaseSecond) {
  NodeEntry {
    faults = List.copyOf(faults);
  }
}
