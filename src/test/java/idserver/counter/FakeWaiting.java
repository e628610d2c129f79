package idserver.counter;

import java.util.ArrayList;
import java.util.List;

/** A parked request that remembers what it was told. Confined to the test's thread. */
final class FakeWaiting implements Waiting {
  final List<String> told = new ArrayList<>();
  private final int demand;
  private final long deadlineNanos;

  FakeWaiting() {
    this(1);
  }

  FakeWaiting(int demand) {
    this(demand, Long.MAX_VALUE);
  }

  FakeWaiting(int demand, long deadlineNanos) {
    this.demand = demand;
    this.deadlineNanos = deadlineNanos;
  }

  @Override
  public long deadlineNanos() {
    return deadlineNanos;
  }

  @Override
  public int demand() {
    return demand;
  }

  @Override
  public void resume() {
    told.add("resume");
  }

  @Override
  public void giveUp() {
    told.add("giveUp");
  }

  @Override
  public void closed() {
    told.add("closed");
  }
}
