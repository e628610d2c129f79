package idserver.counter;

import java.util.ArrayList;
import java.util.List;

/** Remembers who asked for a block. Confined to the test's thread. */
final class FakeDemand implements BlockDemand {
  final List<Counter> asked = new ArrayList<>();
  boolean full;
  boolean down;
  Runnable whileAsked = () -> {};

  @Override
  public boolean want(Counter counter) {
    whileAsked.run();
    if (full) {
      return false;
    }
    asked.add(counter);
    return true;
  }

  @Override
  public boolean isDown() {
    return down;
  }
}
