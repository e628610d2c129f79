package idserver.model;

/** What the database holds: a row for each counter of a node, and one for each node. */
final class Database {
  static final int NOBODY = -1;

  private final Row[][] rows;
  private final Node[] nodes;

  /** Who is a node, and which file goes with it. */
  static final class Node {
    int owner = NOBODY;
    boolean leased;
    int instance;

    private void pass(Bytes io) {
      owner = io.pass(owner);
      leased = io.pass(leased);
      instance = io.pass(instance);
    }
  }

  Database(Scenario scenario) {
    rows = new Row[scenario.rows()][scenario.keys()];
    nodes = new Node[scenario.rows()];
    for (int node = 0; node < nodes.length; node++) {
      nodes[node] = new Node();
      for (int key = 0; key < scenario.keys(); key++) {
        rows[node][key] = new Row();
      }
    }
  }

  void pass(Bytes io) {
    for (int node = 0; node < nodes.length; node++) {
      nodes[node].pass(io);
      for (Row row : rows[node]) {
        row.pass(io);
      }
    }
  }

  Row row(int node, int key) {
    return rows[node][key];
  }

  Node node(int node) {
    return nodes[node];
  }

  /** Becomes what the other one is. */
  void copy(Database other) {
    Bytes out = Bytes.toWrite();
    other.pass(out);
    pass(Bytes.toRead(out.written()));
  }

  @Override
  public String toString() {
    StringBuilder told = new StringBuilder();
    for (Row[] ofNode : rows) {
      for (Row row : ofNode) {
        told.append(told.isEmpty() ? "" : ", ").append(row);
      }
    }
    return told.toString();
  }
}
