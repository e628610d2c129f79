package idserver.model;

/** One counter in a server's memory: the block in hand and the one ahead. */
final class Counter {
  private static final int NEVER = -1;

  private final int step;
  private int period = NEVER;
  private int reserved;
  // a block is empty when its first number is above its last
  private int first;
  private int last = -1;
  private int aheadFirst;
  private int aheadLast = -1;
  // what stays promised of a counter that is closed, when there is something to give back
  private boolean leaves;
  private int issued;

  Counter(int step) {
    this.step = step;
  }

  void pass(Bytes io) {
    period = io.pass(period);
    reserved = io.pass(reserved);
    first = io.pass(first);
    last = io.pass(last);
    aheadFirst = io.pass(aheadFirst);
    aheadLast = io.pass(aheadLast);
    leaves = io.pass(leaves);
    issued = io.pass(issued);
  }

  void clear() {
    period = NEVER;
    reserved = 0;
    empty();
    leaves = false;
    issued = 0;
  }

  private void empty() {
    first = 0;
    last = -1;
    emptyAhead();
  }

  private void emptyAhead() {
    aheadFirst = 0;
    aheadLast = -1;
  }

  int period() {
    return period;
  }

  int reserved() {
    return reserved;
  }

  boolean hasAhead() {
    return aheadFirst <= aheadLast;
  }

  boolean hasNumber() {
    return first <= last || hasAhead();
  }

  /** The next number, for good. */
  int take() {
    if (first > last) {
      first = aheadFirst;
      last = aheadLast;
      emptyAhead();
    }
    int number = first;
    first += step;
    return number;
  }

  void granted(Statement.Part block) {
    boolean joins = block.period == period && first <= last;
    if (block.period > period) {
      period = block.period;
    }
    reserved = block.last;
    if (joins) {
      aheadFirst = block.first;
      aheadLast = block.last;
    } else {
      empty();
      first = block.first;
      last = block.last;
    }
  }

  /** Ends, and notes what it had left. */
  void close(boolean acrossGaps) {
    boolean ahead = hasAhead();
    int end = ahead ? aheadLast : last;
    boolean unused = first <= last || ahead;
    leaves = unused && end == reserved;
    // two blocks that do not join have somebody else's numbers between them
    boolean joined = !ahead || aheadFirst == last + step || acrossGaps;
    issued = leaves ? (joined ? first : aheadFirst) - 1 : 0;
  }

  void forget() {
    empty();
  }

  boolean leaves() {
    return leaves;
  }

  int issued() {
    return issued;
  }
}
