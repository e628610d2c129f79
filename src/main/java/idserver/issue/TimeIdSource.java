package idserver.issue;

import idserver.counter.CounterKey;
import idserver.timeid.SharedTimeIds;
import idserver.timeid.TimeIdSettings;
import org.jspecify.annotations.Nullable;

/** Where the time ids of a namespace come from. Thread-safe. */
@FunctionalInterface
public interface TimeIdSource {
  /** For a server without time ids: there is room for no kind. */
  TimeIdSource NONE = (kind, settings) -> null;

  /** Whether there is a generator of that kind; false also where that is not known. */
  default boolean has(CounterKey kind) {
    return false;
  }

  /** The generator of that kind, made when there is none; null when there are too many. */
  @Nullable SharedTimeIds of(CounterKey kind, TimeIdSettings settings);
}
