package idserver.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** What came of the faults that were tried, for a person to read. Thread-safe. */
final class FaultTable {
  /**
   * One fault.
   *
   * @param faults what no server may do: an id twice, out of range, with a wrong date, ...
   * @param lost the most numbers of one counter that a restart has cost
   * @param silence the longest time without any answer from a server that lived
   * @param recovery the longest time from the end of the fault to the next id
   */
  record Row(
      String fault,
      int rounds,
      int ids,
      List<String> faults,
      long lost,
      Duration silence,
      Duration recovery) {
    @Override
    public String toString() {
      return "| %s | %d | %d | %d | %d | %d ms | %d ms |"
          .formatted(
              fault, rounds, ids, faults.size(), lost, silence.toMillis(), recovery.toMillis());
    }
  }

  private final List<Row> rows = new ArrayList<>();

  synchronized void add(Row row) {
    rows.add(row);
    System.out.println(row);
  }

  /** Writes all of it as a table. */
  synchronized void write(Path file, String title, long seed) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("%s, %s, seed %d%n%n".formatted(title, LocalDate.now(ZoneOffset.UTC), seed));
    text.append(
        "| fault | rounds | ids | duplicates and other faults | most numbers lost by one restart |"
            + " longest silence of a living server | until ids came again |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    rows.forEach(row -> text.append(row).append('\n'));
    Files.writeString(file, text);
  }
}
