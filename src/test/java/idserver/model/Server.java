package idserver.model;

/** A server: its memory, which a kill takes away, and its file, which stays. */
final class Server {
  /** How far it is in its life. */
  enum Phase {
    STOPPED,
    SERVING,
    /** Its counters are closed. */
    CLOSED,
    /** Its file promises no more than was issued. */
    LOWERED,
    /** Its rows do so as well, and its file not yet: a fault. */
    GIVEN_BACK;

    private static final Phase[] ALL = values();
  }

  private static final int NEVER = -1;

  private final Counter[] counters;
  private final Row[] marks;
  private final Statement writing;
  private final Statement givingBack;
  private Phase phase = Phase.STOPPED;
  private boolean lost;
  private int seenDay;
  private int instance;
  // what it issued last, for the law alone
  private int issuedDay = NEVER;

  Server(Scenario scenario, int instance) {
    this.instance = instance;
    counters = new Counter[scenario.keys()];
    marks = new Row[scenario.keys()];
    for (int key = 0; key < counters.length; key++) {
      counters[key] = new Counter(scenario.step());
      marks[key] = new Row();
    }
    writing = new Statement(counters.length);
    givingBack = new Statement(counters.length);
  }

  void pass(Bytes io) {
    phase = io.pass(Phase.ALL, phase);
    instance = io.pass(instance);
    issuedDay = io.pass(issuedDay);
    for (Row mark : marks) {
      mark.pass(io);
    }
    if (phase == Phase.STOPPED) {
      return;
    }
    lost = io.pass(lost);
    seenDay = io.pass(seenDay);
    for (Counter counter : counters) {
      counter.pass(io);
    }
    writing.pass(io);
    givingBack.pass(io);
  }

  Phase phase() {
    return phase;
  }

  boolean is(Phase other) {
    return phase == other;
  }

  void to(Phase next) {
    phase = next;
  }

  void start(int day) {
    phase = Phase.SERVING;
    seenDay = day;
  }

  /** Ends, and forgets all that is not in its file. */
  void end() {
    phase = Phase.STOPPED;
    lost = false;
    seenDay = 0;
    for (Counter counter : counters) {
      counter.clear();
    }
    writing.end();
    givingBack.end();
  }

  /** The day as its clock has it, which does not go back. */
  int day(int wallDay) {
    return Math.max(seenDay, wallDay);
  }

  void sees(int day) {
    seenDay = day;
  }

  /** Notes the day of a number; false when it is before that of an earlier one. */
  boolean issues(int day) {
    boolean inOrder = day >= issuedDay;
    issuedDay = day;
    return inOrder;
  }

  /** Reserves no more: another server is the node. */
  void lose() {
    lost = true;
  }

  boolean isLost() {
    return lost;
  }

  /** Which file it has. */
  int instance() {
    return instance;
  }

  /** The disk with its file is gone; the next file is another one. */
  void loseFile(int nextInstance) {
    instance = nextInstance;
    for (Row mark : marks) {
      mark.clear();
    }
  }

  Counter counter(int key) {
    return counters[key];
  }

  /** What its file holds of a counter. */
  Row mark(int key) {
    return marks[key];
  }

  Statement writing() {
    return writing;
  }

  Statement givingBack() {
    return givingBack;
  }
}
