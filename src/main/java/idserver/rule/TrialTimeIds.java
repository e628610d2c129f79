package idserver.rule;

import idserver.timeid.TimeIdFormat;
import idserver.timeid.TimeIdLayout;
import idserver.timeid.TimeIdParts;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/** The time ids with which a rule is tried. Immutable. */
final class TrialTimeIds {
  private static final int NEIGHBOURS = 16;

  private final TimeIdFormat format;

  /** What the clock is ahead where the epoch is young: the first ids of all have few digits. */
  private final long aheadMs;

  /**
   * @param first no id is of an earlier moment
   */
  TrialTimeIds(TimeIdFormat format, LocalDateTime first) {
    this.format = format;
    this.aheadMs = Math.max(0, format.epochMs() + Duration.ofDays(365).toMillis() - clock(first));
  }

  /** An id and the moment at which it is made. */
  record Made(LocalDateTime at, long id) {}

  /**
   * An id of that moment; another one for each index.
   *
   * @return {@link Draws#STOP} when there are no ids at that time
   */
  long at(LocalDateTime moment, int index) {
    int serials = format.layout().maxSerial() + 1;
    return id(milliseconds(moment) + index / serials, format.node(), index % serials);
  }

  /** The id after that one, or {@link Draws#STOP}. */
  long after(long id) {
    TimeIdParts parts = format.decode(id);
    return parts.serial() < format.layout().maxSerial()
        ? id(parts.timeMs(), parts.node(), parts.serial() + 1)
        : id(parts.timeMs() + 1, parts.node(), 0);
  }

  /**
   * Ids that show where a part is cut off: neighbours in serial, node and time, and ids that end
   * alike, in digits to any base.
   *
   * @param end no id is of that moment or later
   */
  Collection<Made> alike(LocalDateTime base, LocalDateTime end) {
    Set<Made> made = new LinkedHashSet<>();
    for (int node : new int[] {format.node(), 0, format.nodes() - 1}) {
      for (int i = 0; i < NEIGHBOURS; i++) {
        add(made, base, 0, node, Math.min(i, format.layout().maxSerial()));
        add(made, base, i, node, 0);
      }
    }
    int node = format.node();
    long most = ChronoUnit.MILLIS.between(base, end) - 1;
    for (int radix : TrialNumbers.RADICES) {
      // where the time stands above other bits, these end in as many zeros more
      TrialNumbers.powers(radix, most).forEach(ms -> add(made, base, ms, node, 0));
    }
    if (format.layout() == TimeIdLayout.SPILL) {
      // the serial stands above the time, which comes to end like the next serial of the base
      long serial = at(base, 1) - at(base, 0);
      for (long power : TrialNumbers.powers(10, Long.MAX_VALUE)) {
        long ms = Math.floorMod(serial, power);
        if (ms <= most) {
          add(made, base, ms, node, 0);
        }
      }
    }
    return made;
  }

  private void add(Set<Made> made, LocalDateTime base, long ms, int node, int serial) {
    long id = id(milliseconds(base) + ms, node, serial);
    if (id >= 0) {
      LocalDateTime at = base.plus(ms, ChronoUnit.MILLIS).truncatedTo(ChronoUnit.SECONDS);
      made.add(new Made(at, id));
    }
  }

  private long milliseconds(LocalDateTime moment) {
    return clock(moment) + aheadMs;
  }

  private static long clock(LocalDateTime moment) {
    return moment.toEpochSecond(ZoneOffset.UTC) * 1000;
  }

  private long id(long timeMs, int node, int serial) {
    long ms = timeMs - format.epochMs();
    if (ms > TimeIdLayout.LAST_MS) {
      return Draws.STOP;
    }
    // there a millisecond belongs to one node
    int owner = format.layout() == TimeIdLayout.ORDERED ? (int) (ms % format.nodes()) : node;
    return format.encode(new TimeIdParts(timeMs, owner, serial));
  }
}
