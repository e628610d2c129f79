package idserver.model;

/**
 * What a server does to its rows in one transaction: a reservation, or a give-back. The version of
 * a row is told by what it is for: whether the row is still the one that was read.
 */
final class Statement {
  /** How far it is. */
  enum Stage {
    NONE,
    /** The rows are read, and what is to be written is known. */
    READ,
    /** It is committed, and the server knows. */
    COMMITTED,
    /** Its blocks are out, and not yet in the file: a fault. */
    HANDED_OUT;

    private static final Stage[] ALL = values();
  }

  private final Part[] parts;
  private Stage stage = Stage.NONE;
  private boolean givesBack;
  private boolean handedOut;
  private int node;

  /** What becomes of one counter. */
  static final class Part {
    boolean there;
    boolean current;
    int period;
    int first;
    int last;

    private void pass(Bytes io) {
      there = io.pass(there);
      current = io.pass(current);
      period = io.pass(period);
      first = io.pass(first);
      last = io.pass(last);
    }
  }

  Statement(int keys) {
    parts = new Part[keys];
    for (int key = 0; key < keys; key++) {
      parts[key] = new Part();
    }
  }

  void pass(Bytes io) {
    stage = io.pass(Stage.ALL, stage);
    if (stage == Stage.NONE) {
      return;
    }
    givesBack = io.pass(givesBack);
    handedOut = io.pass(handedOut);
    node = io.pass(node);
    for (Part part : parts) {
      part.pass(io);
    }
  }

  void begin(int ofNode, boolean givingBack) {
    end();
    stage = Stage.READ;
    node = ofNode;
    givesBack = givingBack;
  }

  /** Adds what becomes of a counter whose row has just been read. */
  void add(int key, int period, int first, int last) {
    Part part = parts[key];
    part.there = true;
    part.current = true;
    part.period = period;
    part.first = first;
    part.last = last;
  }

  void end() {
    stage = Stage.NONE;
    givesBack = false;
    handedOut = false;
    node = 0;
    for (Part part : parts) {
      part.there = false;
      part.current = false;
      part.period = 0;
      part.first = 0;
      part.last = 0;
    }
  }

  /** Becomes what the other one is. */
  void copy(Statement other) {
    Bytes out = Bytes.toWrite();
    other.pass(out);
    pass(Bytes.toRead(out.written()));
  }

  boolean is(Stage other) {
    return stage == other;
  }

  void to(Stage next) {
    stage = next;
  }

  boolean givesBack() {
    return givesBack;
  }

  /** Whether its blocks are out already: a fault. */
  boolean isHandedOut() {
    return handedOut;
  }

  void handedOut() {
    handedOut = true;
  }

  int node() {
    return node;
  }

  Part part(int key) {
    return parts[key];
  }

  boolean isEmpty() {
    for (Part part : parts) {
      if (part.there) {
        return false;
      }
    }
    return true;
  }

  /** Whether all rows are still those that were read. */
  boolean isCurrent() {
    for (Part part : parts) {
      if (part.there && !part.current) {
        return false;
      }
    }
    return true;
  }

  /** Somebody has changed a row: whoever has read it before has another version. */
  void outdate(int ofNode, int key) {
    if (stage == Stage.READ && node == ofNode) {
      parts[key].current = false;
    }
  }

  @Override
  public String toString() {
    StringBuilder told = new StringBuilder();
    for (Part part : parts) {
      if (part.there) {
        told.append(told.isEmpty() ? "" : " and ");
        told.append(givesBack ? "back to " + part.last : part.first + " to " + part.last);
        told.append(" of day ").append(part.period + 1);
      }
    }
    return told.toString();
  }
}
