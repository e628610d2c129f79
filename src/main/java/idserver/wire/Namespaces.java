package idserver.wire;

import idserver.counter.CounterKey;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The namespaces that requests named last, found by the bytes of their names: who asks often costs
 * no decoding and leaves no garbage. Bounded: a new one takes the place of an older. Confined to
 * its decoder.
 */
final class Namespaces {
  /** A power of two; with the longest names they take half a megabyte. */
  private static final int PLACES = 1024;

  private final @Nullable Place[] places = new @Nullable Place[PLACES];

  private static final class Place {
    private final byte[] rule;
    private final byte[] app;
    private final CounterKey key;

    Place(byte[] rule, byte[] app, CounterKey key) {
      this.rule = rule;
      this.app = app;
      this.key = key;
    }

    boolean isNamed(byte[] buffer, Span ruleName, Span appName) {
      return Arrays.equals(rule, 0, rule.length, buffer, ruleName.start(), ruleName.end())
          && Arrays.equals(app, 0, app.length, buffer, appName.start(), appName.end());
    }
  }

  /** The namespace of these two values, as they are written; null when it is not here. */
  @Nullable CounterKey find(byte[] buffer, Span ruleName, Span appName) {
    Place place = places[index(buffer, ruleName, appName)];
    return place != null && place.isNamed(buffer, ruleName, appName) ? place.key : null;
  }

  /** Keeps a namespace whose names have been found to be in order. */
  void keep(byte[] buffer, Span ruleName, Span appName, CounterKey key) {
    byte[] rule = Arrays.copyOfRange(buffer, ruleName.start(), ruleName.end());
    byte[] app = Arrays.copyOfRange(buffer, appName.start(), appName.end());
    places[index(buffer, ruleName, appName)] = new Place(rule, app, key);
  }

  private static int index(byte[] buffer, Span ruleName, Span appName) {
    int hash = hash(buffer, appName, hash(buffer, ruleName, 0));
    return (hash ^ hash >>> 16) & (PLACES - 1);
  }

  private static int hash(byte[] buffer, Span span, int seed) {
    int hash = seed;
    for (int i = span.start(), end = span.end(); i < end; i++) {
      hash = 31 * hash + buffer[i];
    }
    return hash;
  }
}
