package idserver.timeid;

import java.time.Instant;
import java.time.ZoneOffset;

/**
 * How the ids of a kind look. Immutable. What has once been used for a kind must stay, or old and
 * new ids may be equal; only {@code node} differs from process to process, and no two processes may
 * have the same.
 *
 * @param layout where time, serial and node stand
 * @param epochMs the moment from which the 41 bits count, in milliseconds since 1970-01-01T00:00Z,
 *     0 or more
 * @param node this process, 0 to {@code nodes - 1}
 * @param nodes how many processes there may be, 1 to 1024. In {@link TimeIdLayout#ORDERED} they
 *     share the milliseconds, and an odd number keeps all low bits in use
 */
public record TimeIdFormat(TimeIdLayout layout, long epochMs, int node, int nodes) {
  /** 2020-01-01T00:00Z: with it the 41 bits last into 2089. */
  public static final long DEFAULT_EPOCH_MS = 1_577_836_800_000L;

  /** The most processes: what 10 bits can tell apart. */
  public static final int MAX_NODES = 1 << TimeIdLayout.NODE_BITS;

  private static final double MS_PER_YEAR = 365.2425 * 24 * 3600 * 1000;
  private static final long SERIAL_MASK = 0xFFF;
  private static final long NODE_MASK = MAX_NODES - 1L;

  public TimeIdFormat {
    if (epochMs < 0) {
      throw new IllegalArgumentException("epoch must be >= 1970-01-01T00:00Z: " + epochMs + " ms");
    }
    if (nodes < 1 || nodes > MAX_NODES) {
      throw new IllegalArgumentException("nodes must be 1 to " + MAX_NODES + ": " + nodes);
    }
    if (node < 0 || node >= nodes) {
      throw new IllegalArgumentException(
          "node must be 0 to nodes - 1: node=" + node + ", nodes=" + nodes);
    }
  }

  /** One process alone, with the default epoch. */
  public static TimeIdFormat of(TimeIdLayout layout) {
    return new TimeIdFormat(layout, DEFAULT_EPOCH_MS, 0, 1);
  }

  /**
   * The id of these parts.
   *
   * @throws IllegalArgumentException when no id of this format has them
   */
  public long encode(TimeIdParts parts) {
    long ms = parts.timeMs() - epochMs;
    if (ms < 0 || ms > TimeIdLayout.LAST_MS) {
      throw new IllegalArgumentException("outside the 41 bits: " + parts.time());
    }
    if (parts.serial() < 0 || parts.serial() > layout.maxSerial()) {
      throw new IllegalArgumentException(
          "serial must be 0 to " + layout.maxSerial() + ": " + parts.serial());
    }
    if (parts.node() < 0 || parts.node() >= MAX_NODES) {
      throw new IllegalArgumentException("node must be 0 to 1023: " + parts.node());
    }
    if (layout == TimeIdLayout.ORDERED && ms % nodes != parts.node()) {
      throw new IllegalArgumentException(
          "millisecond " + ms + " belongs to node " + ms % nodes + ": node=" + parts.node());
    }
    long node = parts.node();
    long serial = parts.serial();
    return switch (layout) {
      case SPILL -> node << 53 | serial << 41 | ms;
      case ORDERED -> ms;
      case CLASSIC -> ms << 22 | node << 12 | serial;
    };
  }

  /**
   * The parts of an id. The node of an {@link TimeIdLayout#ORDERED} id is right when {@code nodes}
   * is what it was when the id was issued.
   *
   * @throws IllegalArgumentException when the id cannot be of this layout
   */
  public TimeIdParts decode(long id) {
    if (!holds(id)) {
      throw new IllegalArgumentException("not an id of this layout: " + id);
    }
    return switch (layout) {
      case SPILL ->
          new TimeIdParts(
              epochMs + (id & TimeIdLayout.LAST_MS),
              (int) (id >>> 53 & NODE_MASK),
              (int) (id >>> 41 & SERIAL_MASK));
      case ORDERED -> new TimeIdParts(epochMs + id, (int) (id % nodes), 0);
      case CLASSIC ->
          new TimeIdParts(
              epochMs + (id >>> 22), (int) (id >>> 12 & NODE_MASK), (int) (id & SERIAL_MASK));
    };
  }

  /** Whether the number can be an id of this layout at all. */
  public boolean holds(long id) {
    return id >= 0 && (layout != TimeIdLayout.ORDERED || id <= TimeIdLayout.LAST_MS);
  }

  /**
   * A number by which ids sort in the order of their making within a node, and by time over all:
   * {@code ms(41) serial(12) node(10)} for {@link TimeIdLayout#SPILL}, the id itself for the
   * others.
   */
  public long sortKey(long id) {
    return layout == TimeIdLayout.SPILL
        ? (id & TimeIdLayout.LAST_MS) << 22 | (id >>> 41 & SERIAL_MASK) << 10 | id >>> 53
        : id;
  }

  /** The last millisecond for which there are ids. */
  public Instant lastMoment() {
    return Instant.ofEpochMilli(epochMs + TimeIdLayout.LAST_MS);
  }

  /** The year in which the ids run out, in UTC. */
  public int lastYear() {
    return lastMoment().atOffset(ZoneOffset.UTC).getYear();
  }

  /** How many years are left for ids at that time; 0 or below when there are none. */
  public double yearsLeft(long nowMs) {
    return (epochMs + TimeIdLayout.LAST_MS - nowMs) / MS_PER_YEAR;
  }
}
