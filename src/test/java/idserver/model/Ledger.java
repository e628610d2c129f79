package idserver.model;

import java.util.Arrays;

/** All that was ever issued and committed, which nobody in the model knows. */
final class Ledger {
  static final int DAYS = 2;

  // a bit for each number
  private final int[][] issued;
  // the highest that was ever committed of it; -1 for nothing
  private final int[][][] committed;

  Ledger(Scenario scenario) {
    issued = new int[scenario.keys()][DAYS];
    committed = new int[scenario.rows()][scenario.keys()][DAYS];
    for (int[][] ofRow : committed) {
      for (int[] ofKey : ofRow) {
        Arrays.fill(ofKey, -1);
      }
    }
  }

  void pass(Bytes io) {
    for (int[] days : issued) {
      for (int day = 0; day < DAYS; day++) {
        // eight numbers a byte
        days[day] = (io.pass((byte) days[day]) & 0xFF);
      }
    }
    for (int[][] ofRow : committed) {
      for (int[] ofKey : ofRow) {
        for (int day = 0; day < DAYS; day++) {
          ofKey[day] = io.pass(ofKey[day]);
        }
      }
    }
  }

  /** Notes a number; false when it was issued before. */
  boolean issue(int key, int day, int number) {
    int bit = 1 << number;
    boolean first = (issued[key][day] & bit) == 0;
    issued[key][day] |= bit;
    return first;
  }

  void commit(int node, int key, int day, int reserved) {
    committed[node][key][day] = Math.max(committed[node][key][day], reserved);
  }

  boolean wasCommitted(int node, int key, int day, int number) {
    return number <= committed[node][key][day];
  }

  /** Whether a row promises all that was issued of it. */
  boolean isCoveredBy(Row row, int key) {
    for (int day = 0; day < DAYS; day++) {
      if (issued[key][day] != 0 && row.isBehind(day, highest(issued[key][day]))) {
        return false;
      }
    }
    return true;
  }

  private static int highest(int bits) {
    return 31 - Integer.numberOfLeadingZeros(bits);
  }
}
