package idserver.strict;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A taker that remembers all it is told. Thread-safe. */
final class Told implements Taker {
  final List<Numbers> given = new CopyOnWriteArrayList<>();
  final List<String> refused = new CopyOnWriteArrayList<>();

  @Override
  public void given(Numbers numbers) {
    given.add(numbers);
  }

  @Override
  public void exhausted() {
    refused.add("exhausted");
  }

  @Override
  public void late() {
    refused.add("late");
  }

  @Override
  public void unavailable() {
    refused.add("unavailable");
  }

  @Override
  public void crowded() {
    refused.add("crowded");
  }

  @Override
  public void closed() {
    refused.add("closed");
  }

  /** The one number it was given first. */
  long number() {
    return given.get(0).first();
  }

  /** How often it was told anything. */
  int times() {
    return given.size() + refused.size();
  }
}
